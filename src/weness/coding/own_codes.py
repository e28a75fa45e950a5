"""The codes that a study brings of its own, from another program or a scholar's hand: kept, compared, exported, not measured."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from weness import library

FILE = "codes.yaml"
OWN = "own"
"""The family of such a code, where A, B and C are those of the codebook."""

HEAD = """# Codes that this study brought along. They are kept, compared (weness agree) and exported, but not measured.
# Where one of them is what weness means by a code of its codebook, say so:  means: TRUST
"""


@dataclass(frozen=True, slots=True)
class OwnCode:
    """``guid`` is its identity in other programs, where two codes may have one ``name``; ``id`` its name in codings.jsonl.

    ``means`` names the code of weness's codebook that it stands for, "" for none; ``parent`` is the id of the code above.
    """

    id: str
    name: str
    guid: str = ""
    parent: str = ""
    description: str = ""
    color: str = ""
    means: str = ""
    codable: bool = True


def own_codes_in(folder: Path) -> dict[str, OwnCode]:
    """By id, in the order of the file; {} where there is none. Raises ValueError, saying what is wrong in the file."""
    path = folder / FILE
    if not path.is_file():
        return {}
    return _codes_in(path.read_text("utf-8"))


def _codes_in(text: str) -> dict[str, OwnCode]:
    from yaml import YAMLError

    try:
        page = library.parsed(text)
    except YAMLError as error:
        raise ValueError(f"{FILE}: not valid YAML: {' '.join(str(error).split())}") from None
    rows = page.get("codes") if isinstance(page, dict) else None
    if not isinstance(rows, list):
        raise ValueError(f"{FILE}: it has one key, 'codes', with a list of codes.")
    found: dict[str, OwnCode] = {}
    for number, row in enumerate(rows, 1):
        known = (
            {name: value for name, value in row.items() if name in OwnCode.__slots__ and value is not None}
            if isinstance(row, dict)
            else {}
        )
        if not known.get("id") or not known.get("name"):
            raise ValueError(f"{FILE}, code {number}: every code has an id and a name.")
        codable = known.pop("codable", True) is not False
        code = OwnCode(**{name: str(value) for name, value in known.items()}, codable=codable)
        if code.id in found:
            raise ValueError(f"{FILE}: two codes have the id {code.id!r}.")
        found[code.id] = code
    return found


def written_codes(codes: Iterable[OwnCode]) -> str:
    """The text of a codes.yaml."""
    return f"{HEAD}codes:\n{_rows(codes)}"


def longer_codes(folder: Path, codes: Mapping[str, OwnCode], new: Sequence[OwnCode]) -> str:
    """The study's codes.yaml with ``new`` behind what a person may have written there; ``codes`` are all of them."""
    path = folder / FILE
    if path.is_file():
        text = path.read_bytes().decode("utf-8")
        indent = re.search(r"^( *)- ", text, re.MULTILINE)
        more = textwrap.indent(_rows(new), indent[1] if indent else "")
        longer = text + ("" if text.endswith("\n") else "\n") + more
        try:
            if _codes_in(longer) == dict(codes):
                return longer
        except ValueError:
            pass  # The list is written in another way: then all of it is written anew.
    return written_codes(codes.values())


def _rows(codes: Iterable[OwnCode]) -> str:
    import yaml

    rows: list[dict[str, Any]] = []
    for code in codes:
        told = {name: value for name, value in asdict(code).items() if value not in ("", True)}
        rows.append(told)
    return str(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=120))
