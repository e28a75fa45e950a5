"""E-mail: the header lines that say who wrote to whom and when, then the words; quoted lines keep their mark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from weness.reading.encodings import Decoded, decoded, lf
from weness.reading.reader import CannotRead, Narrative
from weness.reading.webpages import html_text

HEADERS = ("From", "To", "Cc", "Date", "Subject")
SEPARATOR = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]*\r?\n")
ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_eml(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    return (_narrative(path, path.read_bytes(), "", encoding),)


def read_mbox(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    """A narrative for each message. One that is broken is named in a warning, and the others are read."""
    data = path.read_bytes()
    if not data.startswith(b"From "):
        raise CannotRead(path, "This is no mailbox: it does not begin with a line 'From ...'.")
    read: list[Narrative] = []
    broken: list[str] = []
    for number, message in enumerate(_messages(data), 1):
        try:
            read.append(_narrative(path, message, f"#{number}", encoding))
        except CannotRead as error:
            broken.append(f"Message #{number} could not be read: {error.why}")
    if not read:
        raise CannotRead(path, broken[0] if broken else "The mailbox holds no message.")
    first = read[0]
    warned = Narrative(first.name, first.text, first.source, (*first.warnings, *broken), first.date, first.title)
    return (warned, *read[1:])


def _messages(data: bytes) -> Iterator[bytes]:
    starts = list(SEPARATOR.finditer(data))
    for found, after in zip(starts, [*starts[1:], None], strict=True):
        yield ESCAPED.sub(rb"\1", data[found.end() : after.start() if after else len(data)])


def _narrative(path: Path, data: bytes, name: str, encoding: str | None) -> Narrative:
    message = message_from_bytes(data, policy=policy.default)
    headers = _headers(path, message, encoding)
    if not any(header in headers for header in ("From", "Date", "Subject")):
        raise CannotRead(path, "This is no e-mail: it has no line From:, Date: or Subject:.")
    body, how, warnings = _body(path, message, encoding)
    lines = [f"{header}: {headers[header]}" for header in HEADERS if headers.get(header)]
    text = "\n".join(lines) + (f"\n\n{body}" if body else "")
    if not body:
        warnings += ("The message has no words of its own, only header lines.",)
    attached = tuple(f"Left out: attachment {title}." for title in _attachments(message))
    source = f"E-mail; {how}; attachments left out: {len(attached)}."
    return Narrative(name, text, source, warnings + attached, _iso(headers.get("Date", "")), headers.get("Subject", ""))


def _headers(path: Path, message: EmailMessage, encoding: str | None) -> dict[str, str]:
    """The first of each header, decoded by ourselves: the standard library would replace what it does not know."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        title = name.title()
        if title in HEADERS and title not in found:
            found[title] = _header(path, str(value), encoding)
    return found


def _header(path: Path, raw: str, encoding: str | None) -> str:
    data = raw.encode("utf-8", "surrogateescape")
    flat = " ".join(decoded(path, data, encoding).text.split()) if data.strip() else ""
    if "=?" not in flat:
        return flat
    try:
        pieces = decode_header(flat)
    except (HeaderParseError, ValueError):
        return flat
    words = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            words.append(piece)
        elif charset is None:
            words.append(piece.decode("raw_unicode_escape"))
        else:
            words.append(_strictly(piece, charset) or decoded(path, piece).text)
    return " ".join("".join(words).split())


def _strictly(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return ""


def _body(path: Path, message: EmailMessage, encoding: str | None) -> tuple[str, str, tuple[str, ...]]:
    """Plain text where there is some, else the HTML part as text."""
    part = message.get_body(preferencelist=("plain",))
    if part is not None:
        found = _content(path, cast(EmailMessage, part), encoding)
        if found.text.strip():
            return found.text.strip("\n"), f"its plain text, {found.how}", found.warnings
    part = message.get_body(preferencelist=("html",))
    if part is not None:
        found = _content(path, cast(EmailMessage, part), encoding)
        if found.text.strip():
            return html_text(path, found.text, quotes=True)[0], f"its HTML as text, {found.how}", found.warnings
    return "", "no text part", ()


def _content(path: Path, part: EmailMessage, encoding: str | None) -> Decoded:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    charset = part.get_param("charset")
    declared = charset if isinstance(charset, str) else None
    if not data.strip():
        return Decoded("", "empty")
    text = _strictly(data, declared) if declared and not encoding else ""
    if text and "\0" not in text:
        return Decoded(lf(text.lstrip("\ufeff")), f"{declared} (as the message declares)")
    found = decoded(path, data, encoding)
    if declared and not encoding and declared.lower() not in ("us-ascii", found.how):
        return Decoded(found.text, found.how, f"The message says {declared}, but is not; read as {found.how}.")
    return found


def _attachments(message: EmailMessage) -> list[str]:
    """Every part that is neither body nor wrapper, by name and kind."""
    bodies = [message.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    found = []
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        if not any(part is body for body in bodies):
            found.append(f"{part.get_filename() or 'without a name'} ({part.get_content_type()})")
    return found


def _iso(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
