"""A multilingual encoder that the user has, as a coder: its view of a sentence beside the cues, heads fitted on our corpus."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from weness import library
from weness.coding.building import built_from
from weness.coding.builtin import BuiltinCoder
from weness.coding.builtin_model import BuiltinModel, builtin_model, write
from weness.coding.codebook import Codebook
from weness.coding.codings import Codings
from weness.coding.lessons import Coded, coded_in
from weness.coding.linear import Floats
from weness.coding.mention_features import Asked
from weness.coding.segment_features import Told
from weness.engines import Engine
from weness.reading.corpus import Corpus

KIND = "encoder"
AROUND = 160
"""Characters on either side of a mention that the encoder sees."""
STRENGTH = 3.0
"""Length of an embedding beside the cues: longer ones count more."""
KEPT = 64
"""Directions of an embedding that the heads see."""
Embed = Callable[[Sequence[str]], Floats]
Axes = tuple[Floats, Floats]
"""(centre, directions), shapes (size,) and (at most KEPT, size)"""
Progress = Callable[[int, int, str], None]


class NoEncoder(ValueError):
    """The encoder cannot be had; the message says what to install, or where it was looked for."""


class EncoderCoder:
    """The built-in coder with an encoder's embeddings among its features.

    The heads are fitted on the coded partnerships of weness when a model is first used, and remembered by the content of the
    model and of the corpus. Nothing is downloaded unless ``allow_remote``.
    """

    name = KIND

    def __init__(
        self,
        model: str,
        allow_remote: bool = False,
        progress: Progress | None = None,
        folders: Sequence[Path] | None = None,
        memory: Path | None = None,
    ) -> None:
        from weness.coding.tuning import Tuned, is_tuned

        self.model = Path(model)
        if is_tuned(self.model):
            plain = builtin_model()
            heads = BuiltinModel(Tuned(self.model), plain.segments, plain.usual, plain.made)
            self._coder = BuiltinCoder(None, heads, KIND)
            told = "a token-level encoder tuned for whom we means; families B and C by builtin"
            self._made = {"encoder": self.model.name, "how": told}
            return
        embed = embedder(model, allow_remote)
        heads, axes = _heads(embed, folders or library.coded_partnerships(), memory or _memory(), progress)
        self._coder = BuiltinCoder(None, heads, KIND, _seen_by(embed, axes))
        self._made = {"encoder": self.model.name, "heads fitted on": _fitted_on(heads)}

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        return replace(self._coder.code(corpus, codebook, engine), coder=KIND, made=self._made)


def embedder(model: str, allow_remote: bool = False) -> Embed:
    """A function from texts to vectors, shape (n, size). Raises NoEncoder with what to do."""
    folder = Path(model)
    if not folder.is_dir() and not allow_remote:
        raise NoEncoder(
            f"There is no folder {model!r}. Name a local folder of the model, or let it be fetched by name with --allow-remote (no narrative is sent)."
        )
    return _static(model) if _is_static(folder) else _sentences(model, allow_remote)


def _is_static(folder: Path) -> bool:
    """model2vec keeps one vector a token and says so in its configuration."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, json.JSONDecodeError):
        return "potion" in folder.name.lower() or "m2v" in folder.name.lower()
    return config.get("model_type") == "model2vec" or "model2vec" in str(config.get("architectures", ""))


def _static(model: str) -> Embed:
    try:
        from model2vec import StaticModel
    except ImportError:
        raise NoEncoder(INSTALL) from None
    static = StaticModel.from_pretrained(model)
    return lambda texts: np.asarray(static.encode(list(texts)), dtype=np.float64)


def _sentences(model: str, allow_remote: bool) -> Embed:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise NoEncoder(INSTALL) from None
    try:
        encoder = SentenceTransformer(model, local_files_only=not allow_remote)
    except (OSError, ValueError, KeyError) as error:
        raise NoEncoder(
            f"{model!r} is no encoder that sentence-transformers can load: {str(error).splitlines()[0][:160]}"
        ) from None
    return lambda texts: np.asarray(encoder.encode(list(texts), show_progress_bar=False), dtype=np.float64)


INSTALL = "The coder 'encoder' needs more packages: pip install 'weness[encoders]'."


def _seen_by(embed: Embed, axes: Axes) -> Callable[[Sequence[Any]], list[Any]]:
    """Mentions or sentences with the encoder's view among their features."""

    def seen(rows: Sequence[Asked | Told]) -> list[Asked | Told]:
        if not rows:
            return []
        vectors = STRENGTH * _along(axes, _unit(embed([_text(one) for one in rows])))
        return [
            replace(one, features={**one.features, **{f"e{k}": float(x) for k, x in enumerate(vector)}})
            for one, vector in zip(rows, vectors, strict=True)
        ]

    return seen


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def _axes_of(vectors: Floats) -> Axes:
    """The directions in which the corpus differs most: heads over all of a large encoder's numbers would take hours."""
    centre = vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors - centre, full_matrices=False)
    return centre, directions[:KEPT]


def _along(axes: Axes, vectors: Floats) -> Floats:
    centre, directions = axes
    return np.asarray((vectors - centre) @ directions.T)


def _text(one: Asked | Told) -> str:
    if isinstance(one, Told):
        return one.context.written
    start, end = one.mention.span.start - one.one.begin, one.mention.span.end - one.one.begin
    text = one.one.text
    return f"{text[max(0, start - AROUND) : start]}[{text[start:end]}]{text[end : end + AROUND]}"


def _heads(embed: Embed, folders: Sequence[Path], memory: Path, progress: Progress | None) -> tuple[BuiltinModel, Axes]:
    path = memory / f"{_fingerprint(embed, folders)}.npz"
    axes_at = path.with_suffix(".axes.npy")
    if not path.is_file() or not axes_at.is_file() or not _is_sound(path):
        coded = sorted(coded_in(folders, progress), key=_name)
        axes = _axes_of(_unit(embed([_text(one) for own in coded for one in own.asked])))
        memory.mkdir(parents=True, exist_ok=True)
        np.save(axes_at, np.vstack([axes[0][None], axes[1]]), allow_pickle=False)
        write(built_from(coded, _seen_by(embed, axes)), path)
    table = np.load(axes_at, allow_pickle=False)
    return builtin_model(path), (table[0], table[1:])


def _is_sound(path: Path) -> bool:
    try:
        builtin_model(path)
    except ValueError:
        return False
    return True


def _name(coded: Coded) -> str:
    return coded.name


def _fingerprint(embed: Embed, folders: Sequence[Path]) -> str:
    """The same model says the same of the same words; the corpus is known by its files."""
    probe = embed(["we decided it together", "nosotros lo medimos", "wij van de gemeente"])
    told = hashlib.sha256(np.round(probe, 4).astype(np.float32).tobytes() + version("weness").encode())
    for folder in sorted(folders):
        for path in sorted(one for one in folder.iterdir() if one.is_file()):
            told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:20]


def _memory() -> Path:
    """Where fitted heads are kept: beside other programs' caches, never among the narratives."""
    home = os.environ.get("WENESS_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "weness" / "heads"


def _fitted_on(heads: BuiltinModel) -> str:
    return f"{heads.made['mentions']} mentions of {len(heads.made['partnerships'])} coded partnerships"
