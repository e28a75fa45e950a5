"""A language model that the user runs or names, as a coder: asked passage by passage, never believed unchecked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from weness.coding.answer_book import key_of
from weness.coding.answers import Answer, Reader
from weness.coding.codebook import Codebook
from weness.coding.codings import Coding, Codings, in_text_order
from weness.coding.endpoint import EndpointError, is_here
from weness.coding.few_shot import examples_in
from weness.coding.llm_asked import Asked, asked_of, remember_asked
from weness.coding.llm_talk import CHARACTERS_A_TOKEN, CUT, Talk, with_schema
from weness.coding.masks import masked, pseudonyms
from weness.coding.passages import Passage, halves, passages_in
from weness.coding.prompts import (
    NO_MENTION,
    PASSES,
    Message,
    answer_schema,
    messages,
    passage_text,
    prompt_hash,
    system_text,
)
from weness.coding.reconciling import reconciled
from weness.engines import Engine
from weness.reading.corpus import Corpus

KIND = "llm"
ASKED_AGAIN = 2
"""How often a passage is asked again when something of the answer does not fit."""
SHORTEST = 1200
"""Characters: a shorter passage is not halved when its answer breaks off."""
ANSWER_SHARE = 1.1
"""Tokens answered for each token of the passage, for the estimate."""
FOLLOW_UPS = 1.25
"""Of what the passages cost, for questions about what did not fit and about items, in the estimate."""
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Before anything is asked: passages that a model would be asked about, and the tokens of that."""

    passages: int
    remembered: int
    tokens: tuple[int, int]
    euros: float | None


@dataclass(frozen=True, slots=True)
class _Question:
    """One passage and one set of families."""

    passage: Passage
    families: str
    system: str

    @property
    def about(self) -> str:
        return f"{self.passage.span.document}, characters {self.passage.span.start} to {self.passage.span.end}"


class LlmCoder:
    """Families A, B and C from any OpenAI-compatible endpoint.

    Every mention is answered exactly once and every quote re-matched to the text; what does not fit is asked again, then
    dropped and counted. Answers are remembered in the study's folder by what was asked.
    """

    def __init__(
        self,
        asked: Asked,
        folder: Path | None = None,
        progress: Progress | None = None,
        say: Callable[[str], None] | None = None,
        examples: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.asked, self.folder, self.progress, self.say = asked, folder, progress, say
        self.name = f"llm:{asked.model}"
        self.examples = examples or {}
        self.talk = Talk(asked, folder)
        self.book, self.tally = self.talk.book, self.talk.tally

    def code(self, corpus: Corpus, codebook: Codebook, engine: Engine) -> Codings:
        names = self._names(corpus)
        questions = self._questions(corpus, codebook, names)
        self._tell_before(corpus, codebook)
        try:
            answered = self._all(questions, corpus, codebook, names)
            self._check(answered)
            marks, seen = self._codings(answered, corpus)
            self._ask_twice(answered, corpus, codebook, names)
            marks = reconciled(marks, corpus, names, self._ask_about_items, lambda n: self.tally.add(not_grouped=n))
            remember_asked(self.asked, self.folder)
        finally:
            self.talk.close()
        return Codings(self.name, codebook.id, frozenset(seen), in_text_order(marks), self._made(questions))

    def estimate(self, corpus: Corpus, codebook: Codebook) -> Estimate:
        """What a run would cost, without asking anything."""
        names = self._names(corpus)
        prompt = answer = remembered = 0
        questions = self._questions(corpus, codebook, names)
        for one in questions:
            talk = self._talk(one, corpus, names)
            if key_of(self.asked.model, talk) in self.book._known:
                remembered += 1
                continue
            prompt += round(sum(len(part["content"]) for part in talk) / CHARACTERS_A_TOKEN)
            answer += round(len(one.passage.shown) / CHARACTERS_A_TOKEN * ANSWER_SHARE)
        more = FOLLOW_UPS + self.asked.twice
        tokens = (round(prompt * more), round(answer * more))
        return Estimate(len(questions), remembered, tokens, self.talk.euros(*tokens))

    def prompts(self, corpus: Corpus, codebook: Codebook) -> Iterable[tuple[str, str, tuple[Message, ...]]]:
        """(about, key, messages) of every question: what would be sent."""
        names = self._names(corpus)
        for one in self._questions(corpus, codebook, names):
            talk = self._talk(one, corpus, names)
            shown = with_schema(talk, answer_schema(codebook, corpus, one.families))
            yield f"{one.about}, families {one.families}", key_of(self.asked.model, talk), tuple(shown)

    def _names(self, corpus: Corpus) -> dict[str, str]:
        return pseudonyms(corpus, self.asked.hidden) if self.asked.hide_names or self.asked.hidden else {}

    def _questions(self, corpus: Corpus, codebook: Codebook, names: Mapping[str, str]) -> list[_Question]:
        found = []
        for document in corpus.documents:
            for passage in passages_in(corpus, document.id, self.asked.passage, names):
                for families in PASSES[self.asked.passes]:
                    if families != "A" or passage.mentions:
                        own = self.examples.get(document.language, ()) if "A" in families else ()
                        system = system_text(
                            codebook, families, document.language, [masked(line, names).text for line in own]
                        )
                        found.append(_Question(passage, families, system))
        return found

    def _talk(self, question: _Question, corpus: Corpus, names: Mapping[str, str]) -> tuple[Message, ...]:
        return messages(question.system, passage_text(corpus, question.passage, question.families, names))

    def _all(
        self, questions: list[_Question], corpus: Corpus, codebook: Codebook, names: Mapping[str, str]
    ) -> list[tuple[_Question, Answer, str]]:
        """Every question's answer, in order. What was answered is kept when the rest is cancelled or fails."""
        readers = {
            families: Reader(corpus, codebook, families, names) for families in {one.families for one in questions}
        }
        answers: dict[int, list[tuple[_Question, Answer, str]]] = {}
        pool = ThreadPoolExecutor(max(1, self.asked.parallel))
        running: dict[Future[list[tuple[_Question, Answer, str]]], int] = {
            pool.submit(self._one, question, corpus, readers[question.families], names): number
            for number, question in enumerate(questions)
        }
        try:
            self._tell(0, len(questions))
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                # Those that failed last, so that what came with them is counted.
                for future in sorted(done, key=lambda one: one.exception() is not None):
                    answers[running.pop(future)] = future.result()
                    self._tell(len(answers), len(questions))
        except KeyboardInterrupt:
            self.talk.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise EndpointError(
                f"Stopped: {len(answers)} of {len(questions)} passages are answered{self._kept()}."
            ) from None
        except EndpointError as error:
            self.talk.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise EndpointError(
                f"{error} {len(answers)} of {len(questions)} passages are answered{self._kept()}."
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return [row for number in sorted(answers) for row in answers[number]]

    def _tell_before(self, corpus: Corpus, codebook: Codebook) -> None:
        """Checks the address, and says where the text will go and about what it will cost, before anything is sent."""
        guess = self.estimate(corpus, codebook)
        to_ask = guess.passages - guess.remembered
        if self.asked.replay is None and to_ask:
            self.talk.door()
        if self.say is None:
            return
        cost = "" if guess.euros is None else f", about {guess.euros:.2f} euros"
        kept = f" ({guess.remembered} remembered)" if guess.remembered else ""
        where = "this machine" if is_here(self.asked.endpoint) else "NOT this machine"
        to = f" to {self.asked.endpoint} ({where})" if to_ask and self.asked.replay is None else ""
        self.say(
            f"{self.name}: {guess.passages} passages{kept}{to}, about {guess.tokens[0]:,} tokens to read and "
            f"{guess.tokens[1]:,} to write{cost}."
        )

    def _kept(self) -> str:
        return " and kept: the same command goes on from there" if self.folder else "; without a study nothing is kept"

    def _tell(self, done: int, of: int) -> None:
        if self.progress:
            tokens = self.tally.prompt_tokens + self.tally.answer_tokens
            euros = self.talk.euros(self.tally.prompt_tokens, self.tally.answer_tokens)
            self.progress(
                done, of, f"passages, {tokens:,} tokens" + (f", {euros:.2f} euros" if euros is not None else "")
            )

    def _one(
        self, question: _Question, corpus: Corpus, reader: Reader, names: Mapping[str, str]
    ) -> list[tuple[_Question, Answer, str]]:
        """A question asked until it is answered well, or often enough; in halves where an answer broke off."""
        talk: tuple[Message, ...] = self._talk(question, corpus, names)
        answer, key = Answer(readable=False), ""
        lost: set[str] = set()
        for attempt in range(ASKED_AGAIN + 1):
            record = self.talk.answer(talk, reader.schema, prompt_hash(question.system), question.about)
            key = key or record.key
            if not record.whole and len(question.passage.shown) > SHORTEST:
                rows = []
                for half in halves(corpus, question.passage, names):
                    rows += self._one(replace(question, passage=half), corpus, reader, names)
                return rows
            last = answer
            answer = reader.read(record.answer, question.passage, last if last.mentions or last.segments else None)
            answer.readable = answer.readable or last.readable
            lost.update(answer.lost)
            more = (*talk[:2], {"role": "assistant", "content": record.answer}, _complaint(answer))
            # At temperature 0 the same question gets the same answer: it is not asked a third time.
            if not answer.complaints or attempt == ASKED_AGAIN or more == talk:
                break
            self.tally.add(asked_again=1)
            talk = more
        self.tally.add(
            quotes_lost=len(lost),
            unanswered=len(answer.missing),
            unread=not answer.readable,
            refused=answer.refused,
        )
        return [(question, answer, key)]

    def _check(self, answered: Sequence[tuple[_Question, Answer, str]]) -> None:
        """A model that answers nothing usable has not coded: better no codings than a study full of "unclear"."""
        used = sum(bool(answer.mentions or answer.segments) for _, answer, _ in answered)
        asked = sum(bool(question.passage.mentions) for question, _, _ in answered)
        if asked and not used:
            raise EndpointError(
                f"{self.asked.model} gave no usable answer to any of {len(answered)} questions. A larger model, --passes A+BC or "
                "a longer context may help; its answers are in .weness/answers.jsonl, and --ask-anew asks again."
            )

    def _ask_about_items(self, talk: Sequence[Message], schema: Mapping[str, Any]) -> str:
        return self.talk.answer(talk, schema, "items", "items").answer

    def _ask_twice(
        self,
        answered: Sequence[tuple[_Question, Answer, str]],
        corpus: Corpus,
        codebook: Codebook,
        names: Mapping[str, str],
    ) -> None:
        """A tenth of the passages again, as if never asked: how often the model says the same."""
        with_mentions = [(question, answer, key) for question, answer, key in answered if answer.mentions]
        limit = int(self.asked.twice * 16**6)
        chosen = [row for row in with_mentions if int(hashlib.sha256(row[2].encode()).hexdigest()[:6], 16) < limit]
        if self.asked.twice > 0 and not chosen:
            chosen = with_mentions[:1]
        for question, answer, _ in chosen:
            reader = Reader(corpus, codebook, question.families, names)
            talk = self._talk(question, corpus, names)
            record = self.talk.answer(
                talk, reader.schema, prompt_hash(question.system), f"{question.about} (second asking)", 2
            )
            again = reader.read(record.answer, question.passage)
            both = answer.mentions.keys() & again.mentions.keys()
            self.tally.twice += len(both)
            self.tally.twice_same += sum(answer.mentions[one][0] == again.mentions[one][0] for one in both)

    def _codings(
        self, answered: Iterable[tuple[_Question, Answer, str]], corpus: Corpus
    ) -> tuple[list[Coding], set[tuple[str, str]]]:
        marks: list[Coding] = []
        unread: set[tuple[str, str]] = set()
        for question, answer, key in answered:
            document = question.passage.span.document
            if not answer.readable:
                unread |= {(document, family) for family in question.families}
            where = {"asked": key}
            for number, (code, sure, fields) in sorted(answer.mentions.items()):
                if code != NO_MENTION:
                    span = question.passage.mentions[number].span
                    marks.append(Coding(span, code, self.name, sure, {**fields, **where}, "", KIND))
            for number in answer.missing:
                mention = question.passage.mentions[number]
                if mention.of == "self":
                    why = "the model gave no usable answer"
                    marks.append(Coding(mention.span, "WE_UNCLEAR", self.name, 0.0, where, why, KIND))
            marks += [
                Coding(span, code, self.name, sure, {**fields, **where}, "", KIND)
                for span, code, sure, fields in answer.segments
            ]
        seen = {(document.id, family) for document in corpus.documents for family in "ABC"} - unread
        return marks, seen

    def _made(self, questions: list[_Question]) -> dict[str, Any]:
        """For the report: who answered, where the text went, and how well the answers fitted."""
        used = [self.book.used[key] for key in sorted(self.book.used)]
        addresses = sorted({record.address for record in used if record.address})
        tally = self.tally
        return {
            "model": ", ".join(sorted({record.model for record in used if record.model})) or self.asked.model,
            "sent to": [f"{one} ({'this machine' if is_here(one) else 'not this machine'})" for one in addresses],
            "replayed from": self.asked.replay.name if self.asked.replay else "",
            "prompts": sorted({prompt_hash(one.system) for one in questions}),
            "names hidden": "yes" if self.asked.hide_names or self.asked.hidden else "no",
            "examples from this study": sum(map(len, self.examples.values())),
            "passages": len(questions),
            "asked again": tally.asked_again,
            "quotes dropped": tally.quotes_lost,
            "segments refused": tally.refused,
            "labels not grouped": tally.not_grouped,
            "mentions without a usable answer": tally.unanswered,
            "passages without a readable answer": tally.unread,
            "same answer when asked twice": f"{tally.twice_same} of {tally.twice} mentions",
            "tokens": f"{tally.prompt_tokens} in, {tally.answer_tokens} out",
            **({"warning": CUT} if tally.cut else {}),
        }


def _complaint(answer: Answer) -> Message:
    told = "\n".join(f"- {one}" for one in answer.complaints[:20])
    return {
        "role": "user",
        "content": f"Part of this cannot be used:\n{told}\nAnswer once more with one JSON object: only what was missing or wrong, put right.",
    }


def llm_coder(
    folder: Path | None, asked: Mapping[str, Any], progress: Progress | None, say: Callable[[str], None] | None
) -> LlmCoder:
    """The coder as asked, with the examples that ``weness learn`` picked in this study."""
    return LlmCoder(asked_of(folder, asked), folder, progress, say, examples_in(folder))
