"""The built-in coder's two models in one file of plain arrays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from weness import library
from weness.coding.linear import Floats, Vocabulary
from weness.coding.mention_features import Asked, Usual
from weness.coding.reference_model import ReferenceModel
from weness.coding.reliability import LABELS
from weness.coding.segment_model import CODES, SegmentModel
from weness.reading.corpus import Corpus
from weness.safekeeping import whole_file

MODEL = library.HERE / "models" / "builtin.npz"
SMALL = 0.01
"""A feature none of whose weights is larger is left out of the file."""


class Reference(Protocol):
    """Says whom each mention means."""

    def chances(self, asked: Sequence[Asked], corpus: Corpus) -> Floats:
        """shape (n, 7)"""
        ...


@dataclass(frozen=True, slots=True)
class BuiltinModel:
    """``reference`` may be another with ``chances(asked, corpus)``, as a tuned encoder is. ``made`` says from what, by which version,
    ``hash`` is that of its file."""

    reference: Reference
    segments: SegmentModel
    usual: Usual
    made: Mapping[str, Any]
    hash: str = ""


@cache
def builtin_model(path: Path = MODEL) -> BuiltinModel:
    """Raises ValueError where the file is none of ours."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = _from({name: arrays[name] for name in arrays.files})
        return replace(found, hash=hashlib.sha256(path.read_bytes()).hexdigest()[:12])
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise ValueError(f"{path.name} is no model of the built-in coder ({error}).") from None


def write(model: BuiltinModel, path: Path) -> None:
    """Byte for byte the same for the same model."""
    assert isinstance(model.reference, ReferenceModel)
    arrays = {
        "labels": _text(LABELS),
        "codes": _text(CODES),
        "usual": _text(
            f"{one}\x1f{stem}\x1f{share}" for one, table in model.usual.items() for stem, share in table.items()
        ),
        "made": _text([json.dumps(dict(model.made), sort_keys=True)]),
        **_vocabulary("reference", model.reference.vocabulary, model.reference.weights),
        "reference_trust": _plain(model.reference.trust),
        "reference_lean": _plain(model.reference.lean),
        "reference_usual": _plain(model.reference.usual),
        **_vocabulary("segments", model.segments.vocabulary, model.segments.weights),
        "segments_stretch": _plain(np.array([model.segments.stretch])),
        "segments_shift": _plain(model.segments.shift),
        "segments_thresholds": _plain(model.segments.thresholds),
    }

    def fill(draft: Path) -> None:
        with ZipFile(draft, "w") as file:
            for name, array in sorted(arrays.items()):
                buffer = BytesIO()
                np.lib.format.write_array(buffer, array, allow_pickle=False)
                # Stored, not deflated, and without a date: the bytes depend on no version of zlib or zipfile.
                file.writestr(ZipInfo(f"{name}.npy"), buffer.getvalue())

    whole_file(path, fill)


def _vocabulary(name: str, words: Vocabulary, weights: Floats) -> dict[str, NDArray[Any]]:
    """Weights in half precision: the last digits are noise, and differ from machine to machine."""
    kept = np.flatnonzero(np.abs(weights[:-1]).max(axis=1, initial=0) > SMALL)
    return {
        f"{name}_names": _text([words.names[at] for at in kept]),
        f"{name}_weights": np.round(weights[[*kept, len(weights) - 1]], 3).astype(np.float16),
    }


def _plain(numbers: Floats) -> NDArray[np.float32]:
    return np.round(numbers, 4).astype(np.float32)


def _text(lines: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _lines(array: NDArray[Any]) -> list[str]:
    return bytes(array.astype(np.uint8)).decode().split("\n")


def _from(arrays: Mapping[str, NDArray[Any]]) -> BuiltinModel:
    if tuple(_lines(arrays["labels"])) != LABELS or tuple(_lines(arrays["codes"])) != CODES:
        raise ValueError(
            "it was built for another codebook; build it again with weness train, and name it with --model"
        )
    floats = {name: array.astype(np.float64) for name, array in arrays.items() if array.dtype.kind == "f"}
    reference = ReferenceModel(
        Vocabulary(_lines(arrays["reference_names"])),
        floats["reference_weights"],
        floats["reference_trust"],
        floats["reference_lean"],
        floats["reference_usual"],
    )
    segments = SegmentModel(
        Vocabulary(_lines(arrays["segments_names"])),
        floats["segments_weights"],
        float(floats["segments_stretch"][0]),
        floats["segments_shift"],
        floats["segments_thresholds"],
    )
    usual: dict[str, dict[str, float]] = {}
    for language, stem, share in (line.split("\x1f") for line in _lines(arrays["usual"])):
        usual.setdefault(language, {})[stem] = float(share)
    return BuiltinModel(reference, segments, usual, json.loads(_lines(arrays["made"])[0]))
