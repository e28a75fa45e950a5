"""Bytes in, characters out, and a word on how the encoding was found: none is ever silently replaced."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from weness.reading.reader import CannotRead

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a packed file (.docx, .odt, .xlsx or .zip)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"ID3", "a sound recording"),
    (b"RIFF", "a sound or video recording"),
)

MULTIBYTE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MAX_CONTROL = 0.01
"""More control characters than this, and it is no text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Characters with LF line ends, and how they were found. ``guess`` warns where the bytes do not prove it."""

    text: str
    how: str
    guess: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        return (self.guess,) if self.guess else ()


def decoded(path: Path, data: bytes, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """What the bytes say: as the user orders, else as marked, else UTF-8, else as declared, else UTF-16, else cp1252.

    Raises CannotRead where they are no text, or break the encoding that they follow.
    """
    if encoding:
        return _ordered(path, data, encoding)
    _check_signature(path, data)
    for bom, name in BOMS:
        if data.startswith(bom):
            found = _strict(path, data[len(bom) :], name, "as the mark at its start says")
            return _checked(path, found)
    guessed = _utf8(data) or _declared(data, declared) or _utf16(data)
    if guessed is None:
        if b"\0" in data:
            raise CannotRead(path, f"This is no text: it holds NUL bytes, the first at byte {data.index(0)}.")
        _check_not_broken_utf8(path, data)
        guessed = _western(data)
    return _checked(path, guessed)


def lf(text: str) -> str:
    """LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _ordered(path: Path, data: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise CannotRead(
            path, f"There is no encoding called {encoding!r}. Try utf-8, cp1252, latin-1 or utf-16."
        ) from None
    for bom, _ in BOMS:
        if data.startswith(bom) and name.replace("_", "-").startswith("utf"):
            data = data[len(bom) :] if name not in ("utf-16", "utf-32") else data
            break
    return _checked(path, _strict(path, data, name, "as ordered"))


def _strict(path: Path, data: bytes, name: str, how: str) -> Decoded:
    try:
        return Decoded(lf(data.decode(name)), f"{name} ({how})")
    except (UnicodeDecodeError, LookupError) as error:
        where = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise CannotRead(path, f"It is not {name} ({how}): it breaks{where}. Name its encoding.") from error


def _utf8(data: bytes) -> Decoded | None:
    if b"\0" in data:
        return None
    try:
        return Decoded(lf(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        return None


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared or b"\0" in data:
        return None
    try:
        return Decoded(lf(data.decode(declared)), f"{declared.lower()} (as the file declares)")
    except (UnicodeDecodeError, LookupError):
        return None


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: Western text has a NUL in nearly every second byte."""
    if len(data) % 2 or b"\0" not in data:
        return None
    odd, even = data[1::2].count(0), data[0::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(odd, even) < 0.4 * len(data) / 2:
        return None
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return None if CONTROL.search(text) else Decoded(lf(text), f"{name} (by its zero bytes)")


def _western(data: bytes) -> Decoded:
    try:
        text, name = data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, name = data.decode("latin-1"), "latin-1"
    why = "" if name == "cp1252" else ", since some bytes mean nothing in cp1252"
    guess = f"The encoding is a guess: not UTF-8, so read as {name}{why}. Name the encoding if accents look wrong."
    return Decoded(lf(text), f"{name} (a guess: it is not UTF-8{why})", guess)


def _check_signature(path: Path, data: bytes) -> None:
    for start, kind in SIGNATURES:
        if data.startswith(start):
            raise CannotRead(path, f"This is no text but {kind}, whatever its name says.")


def _check_not_broken_utf8(path: Path, data: bytes) -> None:
    """Mostly UTF-8 with a few broken bytes: reading it as cp1252 would break every accent, so it is refused."""
    whole = len(MULTIBYTE.findall(data))
    strange = sum(byte >= 0x80 for byte in MULTIBYTE.sub(b"", data))
    if whole <= strange:
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CannotRead(
            path,
            f"It is UTF-8 but for a broken byte in line {line} (byte {error.start}). Mend it, or name its encoding.",
        ) from error


def _checked(path: Path, found: Decoded) -> Decoded:
    if "\0" in found.text:
        raise CannotRead(path, f"This is no text: it holds NUL characters (read as {found.how}).")
    if len(CONTROL.findall(found.text)) > max(2, MAX_CONTROL * len(found.text)):
        raise CannotRead(path, f"This is no text: it is full of control characters (read as {found.how}).")
    return found
