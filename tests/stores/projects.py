"""Small projects of other programs: say which texts there are and which words are coded, and get a .qdpx of any habit."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from lxml import etree

from weness.stores.exchange.counting import BOM, STANDARD, Counting

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
SAMPLES = SHARED / "refi_qda"
NVIVO = SAMPLES / "nvivo12_windows_masked.qdpx"
ATLAS = SAMPLES / "annexA2_atlasti84_simple.qde"
CODEBOOK = SAMPLES / "taguette_1.5.2_codebook.qdc"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared/data/refi_qda is not beside this checkout")
needs_cases = pytest.mark.skipif(
    not (SHARED / "cases").is_dir(), reason="../shared/data/cases is not beside this checkout"
)

SPACE = "urn:QDA-XML:project:1.0"


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, byte for byte; {} where there is no folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def guid(*names: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, names))))


@dataclass
class Text:
    """``raw`` is the file, with its BOM and its line ends; ``marks`` are (start, end, code, user) in our own counting."""

    name: str
    raw: str
    marks: Sequence[tuple[int, int, str, str]] = ()
    guid: str = ""


@dataclass
class Coded:
    """A project of another program. ``codes``: key -> (name, key of the code above); ``users``: key -> name."""

    texts: Sequence[Text]
    codes: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"trust": ("Trust", ""), "fear": ("Fear", "")})
    users: Mapping[str, str] = field(default_factory=lambda: {"ana": "Ana"})
    counting: Counting = STANDARD
    origin: str = "Some Program 1.0"
    salt: str = ""
    """Another salt, other GUIDs of users, selections and codings."""

    def xml(self) -> bytes:
        root = etree.Element(f"{{{SPACE}}}Project", nsmap={None: SPACE}, name="Huerta", origin=self.origin)
        if self.users:
            users = _below(root, "Users")
            for key, name in self.users.items():
                _below(users, "User", guid=guid("user", key, self.salt), name=name)
        if self.codes:
            book = _below(_below(root, "CodeBook"), "Codes")
            made: dict[str, etree._Element] = {}
            for key, (name, above) in self.codes.items():
                under = made[above] if above else book
                made[key] = _below(under, "Code", guid=guid("code", key), name=name, isCodable="true")
        sources = _below(root, "Sources")
        for number, text in enumerate(self.texts):
            self._source(sources, text, number)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

    def _source(self, above: etree._Element, text: Text, number: int) -> None:
        own = self.guid_of(text, number)
        source = _below(above, "TextSource", guid=own, name=text.name, plainTextPath=f"internal://{own}.txt")
        there = positions(text.raw, self.counting)
        for at, (start, end, code, user) in enumerate(text.marks):
            name = (own, at, start, end, self.salt)
            selection = _below(
                source,
                "PlainTextSelection",
                guid=guid("selection", *name),
                startPosition=str(there[start]),
                endPosition=str(there[end] - self.counting.inclusive),
            )
            coding = _below(selection, "Coding", guid=guid("coding", *name), creatingUser=guid("user", user, self.salt))
            _below(coding, "CodeRef", targetGUID=guid("code", code))

    def guid_of(self, text: Text, number: int) -> str:
        return text.guid or guid("source", text.name, number)

    def write(self, path: Path) -> Path:
        files = {f"sources/{self.guid_of(text, n)}.txt": text.raw.encode("utf-8") for n, text in enumerate(self.texts)}
        return packed(path, {"project.qde": self.xml(), **files})


def positions(raw: str, counting: Counting) -> list[int]:
    """Our position -> the file's, counted letter by letter and not as weness does it."""
    at = int(raw.startswith(BOM) and counting.bom)
    there = [at]
    for letter in _letters(raw):
        if letter == "\r\n":
            at += counting.crlf
        else:
            at += len(letter.encode("utf-16-le")) // 2 if counting.utf16 else 1
        there.append(at)
    return there


def _letters(raw: str) -> list[str]:
    letters = list(raw.removeprefix(BOM))
    found: list[str] = []
    for letter in letters:
        if letter == "\n" and found and found[-1] == "\r":
            found[-1] = "\r\n"
        else:
            found.append(letter)
    return found


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def _below(above: etree._Element, element: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(above, f"{{{SPACE}}}{element}", attributes)
