"""Which words are a partner's own voice, and why the others are kept but do not count."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from weness import library
from weness.reading.attendance import Attendance
from weness.reading.corpus import Document, Sentence, Span, Turn

COPIED_WORDS = 8
"""So many words in a row that stand in an earlier document are copied text (codebook, rule 9)."""

Part = tuple[int, int, str]
"""[start, end) of a document, and why its words do not count."""

WORD = re.compile(r"[^\W_]+")
QUOTED_LINES = re.compile(r"^>[^\n]*(?:\n>[^\n]*)*", re.MULTILINE)
DASHES = re.compile(r"^(?:-- ?|_{5,})$", re.MULTILINE)
POSTSCRIPT = re.compile(r"^(?:P\.? ?S\.?|N\.? ?B\.?|P\.? ?D\.?)[ :.]", re.MULTILINE)
SIGNED = 60
"""Words that may follow a greeting such as "Best wishes" and still be a signature; more is a text that goes on."""
TITLE = 14
"""Words that a line of its own without a full stop may have and still be a title."""
TOP = {True: 6, False: 3}
"""In so many paragraphs at the top titles are looked for: in print, and in what people tell."""
BLOCK = re.compile(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*")
UNFINISHED = re.compile(r"[^.!?…:;\"”»’)][*_]{0,2}[ \t]*$|^[ \t]*#")


def parts_not_own(document: Document, attendance: Attendance | None = None) -> list[Part]:
    """The quoted mail, signatures and header lines of a document, in text order and apart; the earlier reason wins."""
    found = [(start, end, "header") for start, end in (attendance.spans if attendance else ())]
    found += [(match.start(), match.end(), "quoted") for match in QUOTED_LINES.finditer(document.text)]
    if document.genre == "email":
        found += _mail_parts(document.text)
    else:
        found += [(start, end, "header") for start, end in _titles(document)]
    apart: list[Part] = []
    for start, end, why in sorted(found):
        start = max(start, apart[-1][1] if apart else 0)
        if start < end:
            apart.append((start, end, why))
    return apart


def pieces_of(start: int, end: int, parts: Sequence[Part]) -> Iterator[Part]:
    """[start, end) cut wherever a part begins or ends, each piece with the reason that holds in it ("" for none)."""
    at = start
    for begin, stop, why in parts[max(bisect(parts, (start, end, "")) - 1, 0) :]:
        if begin >= end:
            break
        if stop <= at:
            continue
        if begin > at:
            yield at, begin, ""
        yield max(at, begin), min(stop, end), why
        at = min(stop, end)
    if at < end:
        yield at, end, ""


def _mail_parts(text: str) -> Iterator[Part]:
    """Quoted and forwarded messages to the end of the text, and the signature before them."""
    end = len(text)
    openers = [match.start() for match in _openers().finditer(text)]
    openers += [match.start() for match in _headers_again().finditer(text) if text[: match.start()].strip()]
    for start in sorted(openers):
        line = text.find("\n", start)
        follows = text[line:].lstrip("\n") if line >= 0 else ""
        # Where every quoted line carries its mark, own words may stand below them.
        stop = line if follows.startswith(">") else len(text)
        yield start, stop, "quoted"
        end = min(end, start)
        if stop == len(text):
            break
    quoted = QUOTED_LINES.search(text)
    end = min(end, quoted.start()) if quoted else end
    signed = DASHES.search(text, 0, end) or next(reversed(list(_greetings().finditer(text, 0, end))), None)
    if signed:
        after = POSTSCRIPT.search(text, signed.end(), end)
        stop = after.start() if after else end
        if len(text[signed.end() : stop].split()) <= SIGNED:
            yield signed.start(), stop, "signature"


def _titles(document: Document) -> Iterator[tuple[int, int]]:
    """Titles, datelines and "Date: ..." lines at the top; in articles and reports also titles further down."""
    printed = document.genre in ("press", "report")
    at_top = TOP[printed]
    for match in BLOCK.finditer(document.text):
        if printed and _boilerplate().match(match.group()):
            yield match.start(), len(document.text)
            return
        is_title = all(_is_title(line) for line in match.group().split("\n"))
        at_top = at_top - 1 if is_title else 0
        if not at_top and not printed:
            return
        if is_title:
            yield match.span()


def _is_title(line: str) -> bool:
    bare = line.strip(" \t*_")
    if not bare or bare[0] in '-•>"“«‘':
        return not bare
    key = bare.split(":", 1)[0].strip(" #*_").lower() if ":" in bare else ""
    if len(key) > 1 and key in _words("not_a_speaker"):
        return True
    return len(bare.split()) <= TITLE and UNFINISHED.search(line) is not None


def without_copies(sentences: Sequence[Sentence], texts: Sequence[str], order: Mapping[str, int]) -> list[Sentence]:
    """Marks as "copied" every own sentence with COPIED_WORDS words in a row from an earlier document.

    ``order`` gives the rank of each document in time; within one document nothing is copied. An interviewer's words
    are not compared, so that a question asked twice and answered in its own words makes no copy.
    """
    marked = list(sentences)
    if len({sentence.span.document for sentence in sentences}) < 2:
        return marked
    seen: dict[int, int] = {}
    for number in sorted(range(len(marked)), key=lambda one: (order[marked[one].span.document], one)):
        sentence = marked[number]
        if sentence.excluded in ("interviewer", "header", "signature"):
            continue
        rank = order[sentence.span.document]
        words = [word.lower() for word in WORD.findall(texts[number])]
        shingles = [hash(tuple(words[at : at + COPIED_WORDS])) for at in range(len(words) - COPIED_WORDS + 1)]
        if not sentence.excluded and any(seen.get(one, rank) < rank for one in shingles):
            marked[number] = replace(sentence, excluded="copied")
        for one in shingles:
            seen.setdefault(one, rank)
    return marked


def prompted_turns(turns: Sequence[Turn], documents: Mapping[str, Document]) -> set[int]:
    """The turns right after an interviewer who used a phrase such as "as a partnership" first."""
    found = set()
    for number in range(1, len(turns)):
        asked, answered = turns[number - 1], turns[number]
        same = asked.span.document == answered.span.document
        if same and asked.interviewer and not answered.interviewer and _prompts(documents, asked.span):
            found.add(number)
    return found


def _prompts(documents: Mapping[str, Document], span: Span) -> bool:
    return _phrases().search(documents[span.document].text, span.start, span.end) is not None


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_listed('prompts')})\b", re.IGNORECASE)


@cache
def _openers() -> re.Pattern[str]:
    """The line that introduces a quoted or forwarded message; it may run over two lines."""
    patterns = "|".join(opener.replace(".{", "[\\s\\S]{") for opener in _all("quote_openers"))
    return re.compile(rf"^[ \t]*(?:{patterns})", re.MULTILINE)


@cache
def _headers_again() -> re.Pattern[str]:
    """The header lines of an older message within a mail: "From:" and, within three lines, another header."""
    header = _listed("headers")
    return re.compile(
        rf"^\*?(?:from|de|van)\*?[ \t]*:[^\n]*\n(?:[^\n]*\n){{0,2}}?\*?(?:{header})\*?[ \t]*:",
        re.MULTILINE | re.IGNORECASE,
    )


@cache
def _greetings() -> re.Pattern[str]:
    """A line that is nothing but a greeting: "Best wishes,"."""
    return re.compile(rf"^[ \t]*(?:{_listed('greetings')})[ \t]*[,.!]?[ \t]*$", re.MULTILINE | re.IGNORECASE)


@cache
def _boilerplate() -> re.Pattern[str]:
    return re.compile(rf"(?:[#*_ ]*)(?:{'|'.join(_all('boilerplate'))})\b", re.IGNORECASE)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _all(kind))


def _listed(kind: str) -> str:
    return "|".join(re.escape(word) for word in sorted(set(_all(kind)), key=lambda one: (-len(one), one)))


def _all(kind: str) -> Iterable[str]:
    """The entries of one kind in all our languages: a mail may quote one in another language."""
    return [entry for one in library.LANGUAGES for entry in library.page(f"lexicons/{one}", "transcripts")[kind]]
