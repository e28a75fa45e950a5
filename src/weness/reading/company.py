"""Who takes part in a text, as what and for whom: read off labels, headings, lists, mail headers and quotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from weness import library
from weness.reading.attendance import attendance_in
from weness.reading.corpus import Document
from weness.reading.labels import PARTICLES
from weness.reading.names import BRACKET, Names, plain
from weness.reading.organisations import sector_of, standing
from weness.reading.quotations import QUOTE
from weness.reading.reader import Narrative
from weness.reading.rooms import KEY, words
from weness.reading.transcripts import labels_in

LONGEST = 100_000
"""Characters of an article or report in which quotations are looked for; a first draft need not read books."""
HEAD = 700
"""Characters at the top of an interview in which it says who talks with whom."""
CAP = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*\.?"
FULL = rf"{CAP}(?: (?:(?:{PARTICLES}) ){{0,3}}{CAP}){{1,3}}"
SAID_OF = re.compile(rf"(?P<name>{FULL})(?P<about>(?:,| of | van | de | from | del | \()[^.\n\"“”«»]{{0,90}})?")
LEAD = re.compile(rf"(?:^|.*?\b(?:with|met|a|con|by|door|por)\s+)(?P<name>{FULL})(?P<about>,.*|\s*\(.*\))?$")
FIELD = re.compile(r"^[#*_ ]*(?P<key>[^\W\d_][\w ]{0,25}?)[*_]* ?[|:][*_]* +(?P<value>[^|\n]+)")
MAIL_FIELD = re.compile(
    r"^(?P<key>from|de|van|to|para|aan|cc) ?:(?P<who>.*(?:\n[ \t]+.*)*)", re.MULTILINE | re.IGNORECASE
)
SENDER = ("from", "de", "van")
ARTICLES = {"the", "de", "el", "la", "right"}
ADDRESS = re.compile(r"<?([\w.+-]+@[\w.-]+)>?")


@dataclass(slots=True)
class Person:
    """Somebody met in a narrative. ``takes_part`` is False for a mere addressee, ``surely`` for what may be no person."""

    name: str
    house: str = ""
    role: str = ""
    domain: str = ""
    interviews: bool = False
    questions: int = 0
    turns: int = 0
    takes_part: bool = True
    surely: bool = True


Label = tuple[str, bool, str, int, int]
"""Label, whether it is an interviewer's by its word, organisation in brackets, questions, turns."""


class Company:
    """The people of one text while they are being collected."""

    def __init__(self, text: str, language: str, genre: str) -> None:
        self.text = text
        self.language = language
        self.genre = genre
        self.people: dict[str, Person] = {}
        self.asker = ""

    def meets(self, name: str, about: str = "", bracketed: bool = False) -> Person:
        shown = _without_title(BRACKET.sub("", name).strip(" .,*_"))
        one = self.people.setdefault(plain(shown), Person(shown))
        told = standing(about, bracketed)
        one.house, one.role = one.house or told.house, one.role or told.role
        return one

    def labels(self) -> tuple[Label, ...]:
        return labels_of(self.text, self.genre, self.language)


@lru_cache(maxsize=2)
def labels_of(text: str, genre: str, language: str) -> tuple[Label, ...]:
    """Who seems to speak in a text: asked for several times of a text that may be long."""
    return tuple(labels_in(Document("x", text, genre=genre, language=language)))


def _from_interview(company: Company, stem: str, narratives: tuple[Narrative, ...]) -> None:
    """Labels, and what the heading says of the people who bear them."""
    heading = _told_once(_heading(company))
    asks: dict[str, float] = {}
    for label, generic, house, questions, turns in company.labels():
        bare = plain(label)
        full = heading.get(bare) or _meant(bare, heading.values())
        if full is None and generic:
            continue
        if full is None and bare in words(company.language, "respondent"):
            continue
        one = company.meets(full.name if full else label, house, bracketed=True)
        one.interviews |= generic or bool(full and full.interviews)
        one.questions, one.turns = one.questions + questions, one.turns + turns
        asks[one.name] = questions / turns
        if full:
            one.house, one.role = one.house or full.house, one.role or full.role
    for one in heading.values():
        if one.interviews or not any(not person.interviews for person in company.people.values()):
            company.people.setdefault(plain(one.name), one)
    if not any(not person.interviews for person in company.people.values()):
        named = re.search(rf"(?:^|[\d_\W])({FULL})$", re.sub(r"[_\d]+", " ", stem).strip())
        if named:
            company.meets(named[1])
    company.asker = max(asks, key=lambda name: asks[name]) if len(asks) > 1 and max(asks.values()) >= 0.3 else ""


def _heading(company: Company) -> Iterator[tuple[str, Person]]:
    """(label, person) for whoever the top of an interview names: "R = ...", "Interviewer | ...", "Interview 2. Ana ..."."""
    head = _before_labels(company)
    interviewer = words(company.language, "interviewer")
    for line in head.splitlines():
        for key in re.finditer(rf"(?<!\w)(?P<label>[A-Z]\d?) ?= ?(?P<name>{FULL})(?P<about>,[^·|\n]*)?", line):
            yield plain(key["label"]), _person(key["name"], key["about"], plain(key["label"]) in interviewer)
        if KEY.search(line):
            continue
        for piece in re.split(
            r" *[·•] *| {2,}|(?:(?<=[\w)]{2})|(?<=\d))[.;] +(?=[A-ZÁÉÍÓÚÑ])", _without_title(line.strip(" #*_"))
        ):
            told = FIELD.match(piece)
            asks = bool(told and plain(told["key"]) in interviewer | {"interviewed by", "entrevista", "interview"})
            answers = bool(told and plain(told["key"]) in words(company.language, "respondent"))
            found = LEAD.match(told["value"].strip(" *_") if told and (asks or answers) else piece.strip(" *_"))
            if found and (found["about"] or asks or answers or not piece.startswith(found["name"])):
                one = _person(found["name"], found["about"], asks)
                if asks or answers or one.house or one.role:
                    yield plain(one.name), one


def _told_once(told: Iterable[tuple[str, Person]]) -> dict[str, Person]:
    """Label -> person, what is said of one person in several places put together."""
    people: dict[str, Person] = {}
    labels: dict[str, Person] = {}
    for label, one in told:
        known = people.setdefault(plain(one.name), one)
        known.house, known.role = known.house or one.house, known.role or one.role
        known.interviews |= one.interviews
        labels.setdefault(label, known)
    return labels


def _before_labels(company: Company) -> str:
    """The top of an interview, up to the first label of somebody who speaks more than once."""
    text = company.text[:HEAD]
    often = [re.escape(label) for label, _, _, _, turns in company.labels() if turns > 1]
    first = (
        re.search(rf"^[^\w\n]*(?:\d[\d:.,]*\W+)?(?:{'|'.join(often)})\b[^\n=|]{{0,40}}:", text, re.MULTILINE)
        if often
        else None
    )
    return text[: first.start()] if first else text


def _person(name: str, about: str | None, interviews: bool) -> Person:
    told = standing(about or "")
    return Person(_without_title(name.strip(" .")), told.house, told.role, interviews=interviews)


def _meant(label: str, people: Iterable[Person]) -> Person | None:
    """The one person of a heading whom a shorter label can mean."""
    asked = label.split()
    fitting = [
        one
        for one in people
        if asked == plain(one.name).split()[: len(asked)] or asked == plain(one.name).split()[-len(asked) :]
    ]
    return fitting[0] if len(fitting) == 1 else None


def _from_minutes(company: Company, stem: str, narratives: tuple[Narrative, ...]) -> None:
    """Who was there; where nobody is listed, who is quoted by a full name."""
    listed = attendance_in(company.text, company.language, Names((), ()))
    for one in listed.people:
        if re.fullmatch(FULL, one.name) and not sector_of(one.name):
            company.meets(one.name, _about(company.text, one.name, listed.spans), bracketed=True)
    rows = re.findall(rf"^[^\w\n]*({FULL})(?: *\([^()|\n]*\))? *\| *([^|\n]+)", company.text, re.MULTILINE)
    for name, about in rows if len(rows) > 1 else ():
        company.meets(name, about, bracketed=True)
    for label, _, house, _, _ in company.labels() if not listed.people else ():
        if re.fullmatch(FULL, label):
            company.meets(label, house, bracketed=True).turns += 1


def _about(text: str, name: str, spans: tuple[tuple[int, int], ...]) -> str:
    """What an attendance list says of somebody: a bracket (shared by those before it), a dash, a cell, a comma."""
    for start, end in spans:
        at = text.find(name, start, end)
        if at < 0:
            continue
        line = re.sub(r"\(?@[\w.-]+\)?|\(\s*\)", "", text[at + len(name) : end].split("\n")[0])
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 1 and cells[1]:
            return cells[1]
        after = re.match(
            r"\s*(?:[-–—:]\s+(?P<dash>.+)|\((?P<own>[^()]+)\)|(?P<more>[^();]{0,160}?)\((?P<shared>[^()]+)\))", line
        )
        if after:
            return str(after["dash"] or after["own"] or after["shared"])
        return ""
    return ""


def _from_mail(company: Company, stem: str, narratives: tuple[Narrative, ...]) -> None:
    """Senders, and addressees as people who are known but do not speak."""
    for narrative in narratives:
        for match in MAIL_FIELD.finditer(narrative.text.split("\n\n")[0]):
            sends = match["key"].lower() in SENDER
            for who in [match["who"]] if sends else re.split(r"[;,]", match["who"]):
                address = ADDRESS.search(who)
                name = ADDRESS.sub("", BRACKET.sub("", who)).strip(" \"'<>\t")
                if not re.fullmatch(FULL, name):
                    continue
                new = plain(name) not in company.people
                one = company.meets(name, " ".join(BRACKET.findall(who)), bracketed=True)
                one.takes_part = sends or (one.takes_part and not new)
                one.turns += sends
                one.domain = one.domain or (address[1].partition("@")[2] if address else "")


def _from_print(company: Company, stem: str, narratives: tuple[Narrative, ...]) -> None:
    """Whom an article or report quotes by full name; whom it names nearby may be somebody met elsewhere."""
    text = company.text[:LONGEST]
    said = _saying(company.language)
    after = re.compile(rf"[\s,.;—–-]*{said}\s+(?P<rest>[^\n\"“”«»]{{3,140}})")
    before = re.compile(rf"(?P<rest>{FULL}(?:, [^,.]{{3,60}},)?)\s+{said}(?!\w)[^.\n]{{0,40}}$")
    for quote in QUOTE.finditer(text):
        lead = text[max(0, quote.start() - 160) : quote.start()]
        near = after.match(text, quote.end()) or before.search(_without_title(lead))
        found = SAID_OF.match(_without_title(near["rest"])) if near else None
        if found and not sector_of(found["name"]):
            about = re.sub(r"^\W*(?:of the|of|from|van de|van het|van|de la|del|de)\s+", "", found["about"] or "")
            told = standing(about)
            one = company.meets(found["name"], about if sector_of(told.house) else "")
            one.turns, one.surely = one.turns + 1, True
    for paragraph in text.split("\n"):
        for sentence in re.split(r"(?<=[.?!\"”])\s", QUOTE.sub(" . ", paragraph)) if QUOTE.search(paragraph) else ():
            if re.search(rf"(?<!\w){said}(?!\w)", sentence):
                for name in re.findall(
                    FULL, _without_title(re.sub(rf"^\W*{said} (?:(?:{PARTICLES}) )?", "", sentence))
                ):
                    if not sector_of(name):
                        known = plain(name) in company.people
                        one = company.meets(name)
                        one.surely = one.surely and known


@cache
def _saying(language: str) -> str:
    listed = sorted(words(language, "said") | words(language, "according"), key=lambda one: (-len(one), one))
    return f"(?i:{'|'.join(re.escape(word) for word in listed)})"


TELLERS: dict[str, Callable[[Company, str, tuple[Narrative, ...]], None]] = {
    "interview": _from_interview,
    "minutes": _from_minutes,
    "email": _from_mail,
    "press": _from_print,
    "report": _from_print,
}


def _without_title(text: str) -> str:
    return _titles().sub("", text)


@cache
def _titles() -> re.Pattern[str]:
    listed = {title for one in library.LANGUAGES for title in library.page(f"lexicons/{one}", "transcripts")["titles"]}
    shown = sorted((re.escape(title) for title in listed - ARTICLES), key=lambda one: (-len(one), one))
    return re.compile(rf"(?<!\w)(?:{'|'.join(shown)})\.? +(?=[A-ZÁÉÍÓÚÑ])", re.IGNORECASE)
