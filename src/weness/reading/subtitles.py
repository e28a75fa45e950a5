"""Subtitles and recorded meetings: .vtt and .srt, cues of one speaker joined to one line with its clock time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from weness.reading.encodings import decoded
from weness.reading.labels import label_in
from weness.reading.reader import CannotRead, Narrative

TIMES = re.compile(
    r"^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-{1,2}>\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
VOICE = re.compile(r"<v(?:\.[\w.\-]+)*[ \t\n]+([^>]*)>")
MARKUP = re.compile(r"</?(?:v|c|i|b|u|s|em|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}", re.IGNORECASE)
ENDS = (".", "!", "?", "…", ".”", '."', "?”", "!”")
PAUSE = 1.0
"""Seconds of silence after the end of a sentence at which words without a name go to a new line."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from ``start`` to ``end`` (seconds), by whom if the cue says so."""

    start: float
    end: float
    speaker: str
    words: str


def read_vtt(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    return (_read(path, encoding, "WebVTT"),)


def read_srt(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    return (_read(path, encoding, "SubRip"),)


def _read(path: Path, encoding: str | None, kind: str) -> Narrative:
    found = decoded(path, path.read_bytes(), encoding)
    cues, lost = cues_in(found.text)
    if not cues:
        raise CannotRead(path, f"No cue with times was found: this is no {kind} file.")
    lines = list(lines_of(_named(cues)))
    source = f"{kind}; {found.how}; {len(cues)} cues as {len(lines)} lines; cue numbers, styles and end times left out."
    warnings = (f"{lost} blocks without times were left out.",) if lost else ()
    return Narrative("", "\n".join(lines), source, found.warnings + warnings)


def cues_in(text: str) -> tuple[list[Cue], int]:
    """All cues, and how many blocks were neither a cue nor a note, a style or a header."""
    cues: list[Cue] = []
    lost = 0
    for number, block in enumerate(re.split(r"\n[ \t]*\n+", text.strip("\n\ufeff "))):
        lines = block.split("\n")
        at = [index for index, line in enumerate(lines) if TIMES.match(line)]
        if not at:
            known = lines[0].startswith(("WEBVTT", "NOTE", "STYLE", "REGION")) or not block.strip()
            lost += not known and number > 0
            continue
        for index, after in zip(at, [*at[1:], len(lines)], strict=True):
            # Where the blank line between two cues is missing, the number of the next one stands before its times.
            stop = after - 1 if after < len(lines) and lines[after - 1].strip().isdigit() else after
            cues += _cues_of(lines[index], lines[index + 1 : max(stop, index + 1)])
    return cues, lost


def _cues_of(times: str, payload: list[str]) -> Iterator[Cue]:
    """One cue a voice; a cue may hold several."""
    start, end = _seconds(times)
    text = "\n".join(line.strip() for line in payload)
    pieces = VOICE.split(text)
    for speaker, words in zip(["", *pieces[1::2]], pieces[0::2], strict=True):
        plain = _flat(unescape(MARKUP.sub("", words)))
        if plain:
            yield Cue(start, end, " ".join(unescape(speaker).split()), plain)


def _seconds(times: str) -> tuple[float, float]:
    found = TIMES.match(times)
    assert found is not None
    h1, m1, s1, f1, h2, m2, s2, f2 = (piece or "0" for piece in found.groups())
    start = int(h1) * 3600 + int(m1) * 60 + int(s1) + float(f"0.{f1}")
    return start, int(h2) * 3600 + int(m2) * 60 + int(s2) + float(f"0.{f2}")


def _flat(words: str) -> str:
    """One line, but for the dashes with which subtitles part two unnamed speakers."""
    lines = [" ".join(line.split()) for line in words.split("\n") if line.strip()]
    dashed = sum(line.startswith(("-", "–", "—")) for line in lines) > 1
    return ("\n" if dashed else " ").join(lines)


def _named(cues: list[Cue]) -> list[Cue]:
    """Cues such as Zoom's, "Name: words", with the name told apart: a name comes back, or nearly every cue has one."""
    labels = [None if cue.speaker else label_in(cue.words) for cue in cues]
    often = Counter(label[0] for label in labels if label)
    mostly = sum(often.values()) * 2 >= len(cues)
    named = []
    for cue, label in zip(cues, labels, strict=True):
        if label and (mostly or often[label[0]] > 1):
            cue = Cue(cue.start, cue.end, label[0], label[1])
        named.append(cue)
    return named


def lines_of(cues: list[Cue]) -> Iterator[str]:
    """``[00:00:04] Name: words``, consecutive cues of a speaker joined."""
    line: list[str] = []
    before: Cue | None = None
    for cue in cues:
        if before is None or _begins(before, cue):
            if line:
                yield " ".join(line)
            label = f"{cue.speaker}: " if cue.speaker else ""
            line = [f"{_clock(cue.start)} {label}{cue.words}".rstrip()]
        else:
            line.append(cue.words)
        before = cue
    if line:
        yield " ".join(line)


def _begins(before: Cue, cue: Cue) -> bool:
    if cue.speaker != before.speaker or "\n" in cue.words:
        return True
    return not cue.speaker and before.words.endswith(ENDS) and cue.start - before.end >= PAUSE


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"[{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02}]"
