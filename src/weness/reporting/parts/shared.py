"""What the partners share, what has lasted, and how they stand to one another on it."""

from __future__ import annotations

from weness.measuring.measures import Attribute
from weness.reporting.desk import Desk, Row
from weness.reporting.sharing import sharing_plot

SIGNS = {
    "shared": "\N{BLACK CIRCLE}",
    "divergent": "\N{CIRCLE WITH LEFT HALF BLACK}",
    "contested": "\N{MULTIPLICATION X}",
    "mentioned": "\N{MIDDLE DOT}",
    "silent": "\N{WHITE CIRCLE}",
    "no evidence": "\N{EN DASH}",
}


def shared(desk: Desk) -> Row:
    wave = _latest(desk)
    here = [one for one in desk.findings.attributes if one.wave == wave]
    here.sort(key=lambda one: (not one.core, -len(one.voices), -one.streak, one.code, one.item))
    common = [one for one in here if one.core or len(one.voices) >= 2][: desk.rules["attributes_shown"]]
    rest = [one for one in here if one not in common]
    anchors = {id(one): f"x{number}" for number, one in enumerate(common, 1)}
    heard = max((_heard(one) for one in common), default=0)
    partners = desk.findings.corpus.partners
    return {
        "wave": wave,
        "plot": sharing_plot(desk, tuple((one, f"#{anchors[id(one)]}") for one in common), heard),
        "rows": [_row(desk, one) | {"anchor": anchors[id(one)]} for one in common],
        "rest": [_row(desk, one) for one in rest],
        "partners": [partner.name for partner in partners],
        "signs": [
            {"sign": sign, "word": desk.words(f"state.{_slug(state)}"), "state": _slug(state)}
            for state, sign in SIGNS.items()
        ],
        "words": [
            {"word": desk.words(f"word.{word}"), "meaning": desk.words(f"word_meaning.{word}")}
            for word in ("consensual", "coherent", "contested", "fragmented", "unvoiced")
        ],
        "measures": [
            {"title": desk.words.measure(name), "short": desk.words.measure(name, "short"), **desk.cell(name, wave)}
            for name in ("sharedness", "established", "contested", "divergent", "attachment")
        ],
    }


def _latest(desk: Desk) -> str:
    """The latest wave in which an attribute is voiced."""
    with_items = {one.wave for one in desk.findings.attributes}
    waves = [wave.id for wave in desk.findings.corpus.waves]
    return next((wave for wave in reversed(waves) if wave in with_items), waves[-1] if waves else "")


def _row(desk: Desk, one: Attribute) -> Row:
    partners = desk.findings.corpus.partners
    code = {code.id: code for code in desk.findings.codebook.codes}.get(one.code)
    history = [other for other in desk.findings.attributes if (other.code, other.item) == (one.code, one.item)]
    return {
        "title": desk.words.say(one.title, one.item),
        "code": desk.words.say(code.title, one.code) if code else one.code,
        "word": desk.words(f"word.{one.word}"),
        "kind": one.word,
        "core": one.core,
        "shared": sum(state == "shared" for state in one.states.values()),
        "heard": _heard(one),
        "streak": one.streak,
        "new": one.new,
        "renewed": one.renewed,
        "members": [member for member in one.members if member != one.item],
        "entry": desk.evidence.of_attribute(one),
        "states": [_state(desk, one.states.get(partner.id, "no evidence"), partner.name) for partner in partners],
        "history": [f"{other.wave}: {desk.words(f'word.{other.word}')}" for other in history if other.wave != one.wave],
    }


def _state(desk: Desk, state: str, partner: str) -> Row:
    slug = _slug(state)
    return {"sign": SIGNS.get(state, "?"), "word": desk.words(f"state.{slug}"), "state": slug, "partner": partner}


def _heard(one: Attribute) -> int:
    return sum(state != "no evidence" for state in one.states.values())


def _slug(state: str) -> str:
    return state.replace(" ", "_")
