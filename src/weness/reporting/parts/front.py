"""The first page: what a facilitator takes to the review meeting, read in two minutes."""

from __future__ import annotations

from collections.abc import Iterable

from weness.advising.diagnosis import Recommendation
from weness.coding.codings import HUMAN
from weness.measuring.measures import Attribute, Measure
from weness.reading.corpus import Span
from weness.reporting.desk import Desk, Row
from weness.reporting.parts.stages import thin_partners, why_not
from weness.reporting.places import Place, best
from weness.staging.snapshot import CANNOT_SAY, Sign, StagePosterior


def front(desk: Desk) -> Row:
    now = _now(desk)
    used: set[str] = set()
    return {
        "coded": _coded(desk),
        "partners": [
            {"name": partner.name, "sector": desk.words.or_same("sector", partner.sector)}
            for partner in desk.findings.corpus.partners
        ],
        "waves": [_wave(desk, one, number) for number, one in enumerate(desk.findings.posteriors, 1)],
        "now": now and _standing(desk, now),
        "patterns": _patterns(desk, now, used) if now else [],
        "changes": _changes(desk, now) if now else [],
        "questions": _questions(desk, now) if now else [],
        "steps": [_step(desk, one) for one in desk.findings.recommendations[:3]],
    }


def _now(desk: Desk) -> StagePosterior | None:
    """The latest wave with anything in it."""
    if not desk.findings.posteriors:
        return None
    heard = [one for one in desk.findings.posteriors if one.tier != "none"] or list(desk.findings.posteriors)
    return heard[-1]


def _coded(desk: Desk) -> Row:
    """Who coded: persons, a machine, or both; and how much of it."""
    marks = desk.findings.codings.marks
    by_machine = {mark.span.document for mark in marks if mark.kind != HUMAN}
    persons = [mark for mark in marks if mark.kind == HUMAN]
    whole = {mark.span.document for mark in persons} - by_machine
    machines = sorted({mark.coder for mark in marks if mark.kind != HUMAN})
    documents = len(desk.findings.corpus.documents)
    # A few labels in a text that a machine coded do not make it a person's.
    who = "machine" if not persons else "person" if not machines else "both" if whole else "few"
    n = len(persons) if who == "few" else len(whole) if machines else len({mark.span.document for mark in persons})
    if who == "machine" and desk.findings.checks and desk.findings.checks.in_use:
        who, n = "checked", desk.findings.checks.answered
    facts = {"n": n, "m": documents, "machines": ", ".join(machines) or "\N{EN DASH}"}
    meaning = [desk.words(f"coded.{who}.meaning", **facts), *_where(desk)]
    if who in ("few", "both") and desk.findings.checks and desk.findings.checks.in_use:
        meaning.append(desk.words("coded.also_checked", n=desk.findings.checks.answered))
    if several := desk.findings.made_with.get("persons"):
        meaning.append(desk.words("coded.several", names=", ".join(map(str, several))))
    return {"title": desk.words(f"coded.{who}.title", **facts), "meaning": " ".join(meaning)}


def _where(desk: Desk) -> list[str]:
    """Where the text went to be coded, and what the machine learned from the user."""
    made = desk.findings.made_with
    sent: list[str] = [str(one) for one in made.get("sent to") or []]
    if made.get("replayed from"):
        said = [desk.words("coded.replayed", file=str(made["replayed from"]))]
    elif sent:
        here, away = desk.words("coded.here"), desk.words("coded.elsewhere")
        told = [one.replace("(not this machine)", f"({away})").replace("(this machine)", f"({here})") for one in sent]
        said = [desk.words("coded.sent", where=", ".join(told))]
    else:
        said = [desk.words("coded.stayed")]
    if learned := made.get("builtin learned from"):
        said.append(desk.words("coded.learned", n=str(learned).split()[0]))
    return said


def _wave(desk: Desk, posterior: StagePosterior, number: int) -> Row:
    wave = next(one for one in desk.findings.corpus.waves if one.id == posterior.wave)
    return {
        "id": wave.id,
        "anchor": f"stage-{number}",
        "period": desk.period(wave),
        "event": wave.event,
        "called": desk.called(posterior),
        "silent": posterior.call == CANNOT_SAY,
    }


def _standing(desk: Desk, now: StagePosterior) -> Row:
    silent = now.call == CANNOT_SAY
    stage = None if silent or now.top is None else desk.findings.process.stage(now.top)
    return {
        "wave": now.wave,
        "called": desk.called(now),
        "silent": silent,
        "said": "" if stage is None else desk.words.say(stage.said),
        "definition": "" if stage is None else desk.words.say(stage.definition),
        "sure": "" if silent else _sure(desk, now),
        "why_not": why_not(desk, now) if silent else "",
        "helps": _would_help(desk, now) if silent and desk.findings.process.stages else [],
        "flags": [
            {"title": desk.words.or_same("flag", flag), "meaning": desk.words.lines.get(f"flag_meaning.{flag}", "")}
            for flag in now.flags
        ],
    }


def _sure(desk: Desk, now: StagePosterior) -> str:
    share = now.shares.get(now.top or "", 0.0)
    if now.certainty == "between":
        return desk.words("sure.between")
    tenths = round(share * 10)
    of_ten = desk.words("sure.nearly_all") if tenths >= 10 else desk.words("sure.of_ten", n=tenths)
    return desk.words(f"sure.{now.certainty}", of_ten=of_ten)


def _would_help(desk: Desk, now: StagePosterior) -> list[str]:
    """What evidence would let a stage be said."""
    thin = thin_partners(desk, now.wave)
    told = [desk.words("helps.partners", partners=", ".join(thin))] if thin else []
    if now.tier in ("indicative", "adequate") and now.missing:
        names = desk.words("list.join").join(desk.words.measure(name) for name in now.missing[:4])
        told.append(desk.words("helps.measures", measures=names))
    return [*told, desk.words("helps.voice")]


def _patterns(desk: Desk, now: StagePosterior, used: set[str]) -> list[Row]:
    """What speaks most for the call, what most against it, and the next for; each with a quote and its other side."""
    signs = _in_turn(now.signs_for, now.signs_against) if now.call != CANNOT_SAY else []
    if not signs:
        signs = [(True, Sign("", one.name, None, (0, 0), 1.0)) for one in _most_told(desk, now.wave)]
    found: list[Row] = []
    for speaks_for, sign in signs:
        measure = desk.findings.measure(sign.measure, now.wave)
        quote = _quote(desk, (*sign.evidence, *(measure.evidence if measure else ())), used)
        other = _other_side(desk, sign.measure, now.wave, used)
        if quote is None and other is None:
            continue
        found.append(
            {
                "side": "" if not sign.stage else desk.words("pattern.for" if speaks_for else "pattern.against"),
                "title": desk.words.measure(sign.measure),
                "short": desk.words.measure(sign.measure, "short"),
                "figure": desk.figure(measure),
                "entry": desk.entry(measure),
                "quote": quote,
                "other": other,
            }
        )
        if len(found) == desk.rules["patterns"]:
            break
    return found


def _in_turn(first: Iterable[Sign], second: Iterable[Sign]) -> list[tuple[bool, Sign]]:
    """For, against, for: then whatever is left."""
    fors, againsts = [(True, sign) for sign in first], [(False, sign) for sign in second]
    return [*fors[:1], *againsts[:1], *fors[1:], *againsts[1:]]


def _most_told(desk: Desk, wave: str) -> list[Measure]:
    """Where no stage can be said, the measures with most to read behind them."""
    own = [one for one in desk.findings.of_wave(wave) if one.evidence and one.name in desk.rules["counters"]]
    return sorted(own, key=lambda one: (-len(one.evidence), one.name))


def _quote(desk: Desk, spans: Iterable[Span], used: set[str]) -> Place | None:
    places = [place for place in desk.places.of(spans) if place.counts]
    chosen = best(places, 1, desk.rules["quote_liked"], used)
    used.update(place.id for place in chosen)
    return chosen[0] if chosen else None


def _other_side(desk: Desk, name: str, wave: str, used: set[str]) -> Place | None:
    for other in desk.rules["counters"].get(name, ()):
        measure = desk.findings.measure(other, wave)
        found = _quote(desk, measure.evidence, used) if measure else None
        if found:
            return found
    return None


def _changes(desk: Desk, now: StagePosterior) -> list[str]:
    """What is different since the wave before; a change of a measure only where its interval leaves out zero."""
    waves = [one.wave for one in desk.findings.posteriors]
    if now.wave == waves[0]:
        return [desk.words("change.first")]
    before = desk.findings.posteriors[waves.index(now.wave) - 1]
    if now.call == before.call == CANNOT_SAY:
        told = [desk.words("change.silent", wave=before.wave)]
    else:
        told = [desk.words("change.stage", wave=before.wave, was=desk.called(before), now=desk.called(now))]
    for name in desk.rules["kinds"]["change"]:
        measure = desk.findings.measure(name, now.wave)
        if measure is None or measure.estimate is None:
            continue
        low, high = measure.estimate.interval()
        way = "up" if low > 0 else "down" if high < 0 else ""
        if way:
            told.append(desk.words(f"change.{way}", measure=desk.words.measure(name.removesuffix("_change"))))
    if len(told) == 1:
        told.append(desk.words("change.unclear"))
    return [*told, *_item_changes(desk, before.wave, now.wave)]


def _item_changes(desk: Desk, before: str, now: str) -> list[str]:
    was = {(one.code, one.item): one for one in desk.findings.attributes if one.wave == before}
    here = [one for one in desk.findings.attributes if one.wave == now]
    shared = [one for one in here if _common(one) and not _common(was.get((one.code, one.item)))]
    disputed = [
        one
        for one in here
        if one.word == "contested" and getattr(was.get((one.code, one.item)), "word", "") != "contested"
    ]
    kept = [one for one in here if one.streak >= 2]
    told = []
    for name, those in (("shared", shared), ("disputed", disputed), ("kept", kept)):
        titles = [desk.words.say(one.title, one.item) for one in sorted(those, key=lambda one: -one.reach)]
        if titles:
            told.append(desk.words(f"change.{name}", items=desk.words("list.join").join(titles[:3])))
    return told


def _common(attribute: Attribute | None) -> bool:
    return attribute is not None and sum(state == "shared" for state in attribute.states.values()) >= 2


def _questions(desk: Desk, now: StagePosterior) -> list[Row]:
    """Two things worth asking one another: first what is disputed or told in different ways, then what holds back."""
    asked: list[Row] = []
    here = [one for one in desk.findings.attributes if one.wave == now.wave]
    for word in ("contested", "fragmented", "coherent"):
        own = sorted((one for one in here if one.word == word), key=lambda one: (-one.reach, one.item))
        if own and not asked:
            title = desk.words.say(own[0].title, own[0].item)
            asked.append(
                {"text": desk.words(f"question.item_{word}", item=title), "entry": desk.evidence.of_attribute(own[0])}
            )
    gaps = desk.findings.diagnosis.gaps if desk.findings.diagnosis else ()
    names = [*(gap.measure for gap in gaps), *now.flags, "default", "second"]
    for name in names:
        if desk.words.has(f"question.{name}") and len(asked) < desk.rules["questions"]:
            entry = desk.entry(desk.findings.measure(name, now.wave))
            asked.append({"text": desk.words(f"question.{name}"), "entry": entry})
    return asked


def _step(desk: Desk, one: Recommendation) -> Row:
    action = one.action
    return {
        "id": action.id,
        "title": desk.words.say(action.title, action.id),
        "run": desk.words.say(action.run),
        "who_time": desk.words.say(action.who_time),
        "sign": desk.words.say(action.sign),
        "risk": desk.words.say(action.risk),
        "avoid": desk.words.say(action.avoid_text),
        "effort": desk.words(f"effort.{action.effort}"),
        "strength": desk.words("list.join").join(desk.words(f"strength.{label}") for label in action.strength),
        "labels": ", ".join(action.strength),
        "indicators": desk.words("list.join").join(map(desk.words.measure, one.indicators)),
        "quotes": desk.places.of(one.quotes)[:2],
        "source": action.source,
    }
