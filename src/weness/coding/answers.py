"""What a language model answered, held against the passage: what fits is kept, what does not is complained of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from weness.coding.codebook import Codebook
from weness.coding.masks import unmasked, without_marks
from weness.coding.passages import Passage
from weness.coding.prompts import NO_MENTION, answer_schema, mention_schema, segment_schema
from weness.coding.quotes import spans_of
from weness.reading.corpus import Corpus, Span

SHORTEST_QUOTE = 6
"""Characters: fewer say nothing of where they stand."""
Fields = dict[str, Any]


@dataclass
class Answer:
    """What of one or more answers to one passage can be used.

    ``mentions`` by number: (code, sure, fields). ``segments``: (span, code, sure, fields). ``missing`` are numbers without an
    answer, ``lost`` quotes that do not stand in the passage, ``complaints`` is what to tell the model,
    ``refused`` how many segments of the last answer could not be used for another reason than their quote.
    """

    mentions: dict[int, tuple[str, float, Fields]] = field(default_factory=dict)
    segments: list[tuple[Span, str, float, Fields]] = field(default_factory=list)
    missing: tuple[int, ...] = ()
    lost: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    readable: bool = True
    refused: int = 0


class Reader:
    """Reads answers for one study and codebook."""

    def __init__(self, corpus: Corpus, codebook: Codebook, families: str, names: Mapping[str, str]) -> None:
        from jsonschema import Draft202012Validator

        self.corpus, self.codebook, self.families, self.names = corpus, codebook, families, names
        self.schema = answer_schema(codebook, corpus, families)
        self._mention = Draft202012Validator(mention_schema(codebook, corpus))
        self._segment = Draft202012Validator(segment_schema(codebook, corpus, families)) if families != "A" else None

    def read(self, raw: str, passage: Passage, before: Answer | None = None) -> Answer:
        """An answer, added to what an earlier answer to the same passage already gave."""
        told = object_in(raw)
        answer = Answer(dict(before.mentions), list(before.segments)) if before else Answer()
        if told is None:
            answer.readable = False
            answer.missing = tuple(self._asked(passage, answer))
            answer.complaints = ("The answer was not one JSON object. Answer with the JSON object only.",)
            return answer
        complaints = [*self._mentions(told, passage, answer), *self._segments(told, passage, answer)]
        answer.missing = tuple(self._asked(passage, answer))
        if answer.missing:
            complaints.append(f"No usable code for mention {', '.join(map(str, answer.missing))}.")
        answer.complaints = tuple(complaints)
        return answer

    def _asked(self, passage: Passage, answer: Answer) -> Iterator[int]:
        return (number for number in passage.mentions if "A" in self.families and number not in answer.mentions)

    def _mentions(self, told: Mapping[str, Any], passage: Passage, answer: Answer) -> Iterator[str]:
        if "A" not in self.families:
            return
        entries = told.get("mentions")
        seen: set[int] = set()
        for entry in entries if isinstance(entries, list) else []:
            number = entry.get("n", -1) if isinstance(entry, dict) else -1
            if error := next(iter(self._mention.iter_errors(entry)), None):
                yield f"mention {number}: {_short(error.message)}"
            elif number not in passage.mentions:
                yield f"mention {number}: there is no such number."
            elif number in seen:
                yield f"mention {number} was answered twice: only the first answer counts."
            elif self._fits(entry["code"], passage, number):
                seen.add(number)
                answer.mentions[number] = (entry["code"], float(entry["sure"]), self._fields(entry, entry["code"]))
            else:
                yield f"mention {number}: {entry['code']} does not fit the marked words."

    def _fits(self, code: str, passage: Passage, number: int) -> bool:
        """Nobody is a fellow partner and "we" at once: a we-form is no THEY_PARTNER, a "they" is no "we"."""
        mention = passage.mentions[number]
        if code == NO_MENTION or mention.form == "name":
            return True
        return (code == "THEY_PARTNER") == (mention.of == "other")

    def _segments(self, told: Mapping[str, Any], passage: Passage, answer: Answer) -> Iterator[str]:
        entries = told.get("segments")
        if self._segment is None:
            return
        lost = []
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, dict) or not isinstance(entry.get("quote"), str):
                answer.refused += 1
                yield "a segment needs a quote and a code."
                continue
            entry.setdefault("sure", 0.5)
            known = {key: value for key, value in entry.items() if key in self._segment.schema["properties"]}
            bad = {error.path[0] if error.path else "" for error in self._segment.iter_errors(known)}
            if bad & {"quote", "code", ""}:
                answer.refused += 1
                yield f"segment {_short(entry['quote'])!r}: {_short(str(entry.get('code')))} is no code that was asked for."
                continue
            # A field that does not fit is left out; the coding stands without it.
            kept = {key: value for key, value in known.items() if key not in bad}
            if len(without_marks(kept["quote"]).strip()) < SHORTEST_QUOTE:
                answer.refused += 1
                yield f"segment {kept['quote']!r}: too short to stand for a passage. Quote the clause."
                continue
            span = self._place(kept["quote"], passage)
            if span is None:
                lost.append(entry["quote"])
                yield f"segment {_short(entry['quote'])!r}: these words do not stand in the passage. Copy them exactly or leave it out."
                continue
            fields = self._fields(kept, kept["code"])
            same = (kept["code"], fields.get("item"))
            if not any(
                span.overlaps(old) and same == (code, told.get("item")) for old, code, _, told in answer.segments
            ):
                answer.segments.append((span, kept["code"], float(kept.get("sure", 0.5)), fields))
        answer.lost = tuple(lost)

    def _place(self, quote: str, passage: Passage) -> Span | None:
        quote = without_marks(quote)
        places = spans_of(quote, passage.plain.text)
        return passage.original(*places[0]) if places else None

    def _fields(self, entry: Mapping[str, Any], code: str) -> Fields:
        own = self.codebook.code(code).fields if code != NO_MENTION else ()
        fields = {}
        for name in own:
            if name not in entry:
                continue
            value, allowed = entry[name], self.codebook.values(code, name)
            if allowed and value not in allowed:
                continue
            fields[name] = unmasked(value, self.names) if isinstance(value, str) else value
        return fields


def object_in(raw: str) -> dict[str, Any] | None:
    """The JSON object of an answer, also where a model thought aloud before it or fenced it; None where there is none."""
    bare = re.sub(r"<think>.*?</think>", "", raw, flags=re.DOTALL).strip()
    bare = re.sub(r"^```(?:json)?\s*|\s*```$", "", bare)
    decoder = json.JSONDecoder(parse_constant=_no_number)
    for match in list(re.finditer(r"\{", bare))[:20]:
        try:
            found, _ = decoder.raw_decode(bare, match.start())
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:87] + "..."
