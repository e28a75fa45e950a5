"""The limits a file must keep to, so that a broken or hostile one ends in a message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from weness.reading.reader import CannotRead

MEGABYTE = 1024 * 1024
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
"""All parts of a packed file (.docx, .odt, .xlsx) together, unpacked."""
MAX_RATIO = 200
"""Unpacked to packed. Office files stay below 50; a zip bomb is made of 1,000."""
RATIO_FREE = MEGABYTE
"""Below this size a part may be packed as tightly as it likes."""
MAX_PARTS = 5_000
MAX_CELLS = 2_000_000
MAX_REPEATS = 1_000
MAX_PDF_PAGES = 2_000
PDF_MEMORY = 2_048 * MEGABYTE
PDF_SECONDS = 60


def check_size(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise CannotRead(path, "The file is empty.")
    if size > MAX_FILE:
        raise CannotRead(
            path,
            f"The file has {size / MEGABYTE:.0f} MB; files of up to {MAX_FILE // MEGABYTE} MB are read. "
            "Split it, or leave it out.",
        )


class Package:
    """The parts of a packed file, each read under a limit. ``wanted`` names the parts that will be read, if not all."""

    def __init__(self, path: Path, kind: str, wanted: Callable[[str], bool] = lambda name: True) -> None:
        self.path = path
        self._left = MAX_UNPACKED
        self._wanted = wanted
        check_signature(path, kind)
        try:
            self._zip = ZipFile(path)
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise CannotRead(path, f"This is not a whole {kind} file; it may have been cut short ({error}).") from error
        for info in self._zip.infolist():
            self._check(info)
        self._check_sum()

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *args: object) -> None:
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._zip.namelist())

    def part(self, name: str) -> bytes:
        """The bytes of a part. Raises CannotRead where it is not there, is damaged or too large."""
        if name not in self._zip.NameToInfo:
            raise CannotRead(self.path, f"Its part {name!r} is missing.")
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except (BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise CannotRead(self.path, f"Its part {name!r} is damaged or locked ({error}).") from error
        except Exception as error:  # zlib.error and its like, which share no base class
            raise CannotRead(self.path, f"Its part {name!r} is damaged ({error}).") from error
        self._left -= len(data)
        if self._left < 0:
            raise CannotRead(self.path, _too_large())
        return data

    def xml(self, name: str) -> Any:
        """The root of an XML part, or CannotRead."""
        return xml_root(self.path, self.part(name), name)

    def _check(self, info: ZipInfo) -> None:
        if info.filename.startswith(("/", "\\")) or ".." in Path(info.filename.replace("\\", "/")).parts:
            raise CannotRead(self.path, f"A part points outside the file ({info.filename!r}): refused.")
        if info.flag_bits & 0x1:
            raise CannotRead(self.path, "The file is locked with a password: save it without one.")
        if info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise CannotRead(self.path, f"Its part {info.filename!r} is packed like a zip bomb: refused.")

    def _check_sum(self) -> None:
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise CannotRead(self.path, f"It has {len(infos):,} parts; {MAX_PARTS:,} are read at most.")
        if sum(info.file_size for info in infos if self._wanted(info.filename)) > MAX_UNPACKED:
            raise CannotRead(self.path, _too_large())


def _too_large() -> str:
    return f"Unpacked it would be larger than {MAX_UNPACKED // MEGABYTE} MB: refused."


def check_signature(path: Path, kind: str) -> None:
    """An office file with a password is no zip but an OLE container, as old .doc and .xls files are."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead(path, f"The file is locked with a password, or an old Office file renamed to {kind}.")


def xml_root(path: Path, data: bytes, name: str) -> Any:
    """XML without document types, entities or anything from outside."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise CannotRead(path, f"Its part {name!r} is broken XML ({error}).") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise CannotRead(path, f"Its part {name!r} declares a document type or entities: refused.")
    return root
