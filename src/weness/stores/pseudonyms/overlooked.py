"""What pseudonymise left alone: files that were not carried over, and words that may be further names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from weness import library
from weness.coding.masks import PARTICLES, folded
from weness.stores.pseudonyms.carrying import PAGES, coded_files
from weness.stores.pseudonyms.disguise import Disguise, name_in
from weness.stores.pseudonyms.people import MARKS, flat, no_names, seen

MOST = 30
"""Words shown that may be further names."""
LONG = 4
"""Letters of a name that says who is meant, even within a longer word."""
LETTER = r"[^\W\d_]"


def left_behind(its: Disguise) -> tuple[str, ...]:
    """Files of the study that were not carried over, folders as one."""
    folder = its.file.folder
    taken = {its.file.path_of(entry).resolve() for entry in its.file.documents} | {its.file.path.resolve()}
    taken |= {path.resolve() for path in coded_files(folder)} | {(folder / name).resolve() for name in PAGES}
    left = (path for path in folder.rglob("*") if path.is_file() and path.resolve() not in taken)
    inner = (path.relative_to(folder).parts for path in left)
    return tuple(sorted({parts[0] + ("/" if len(parts) > 1 else "") for parts in inner}))


def may_be_names(its: Disguise, names: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, int], ...]:
    """Who has a title, then labels of strangers, parts of listed names, and capitals within a sentence that are never written small."""
    texts = [seen(text.after.text) for text in its.texts.values()]
    small = {word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word[0].islower()}
    ours = [
        its.corpus.name,
        *its.corpus.aliases,
        *(n for one in its.corpus.partners for n in (one.name, one.id, *one.aliases)),
    ]
    known = {word for name in ours for word in folded(its.told(name)).split()}
    counts: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    page = library.page("standards", "names")
    titles = "|".join(map(re.escape, page["titles"]))
    capital = r"[^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['’-][^\W\d_]+)*"
    between = "|".join(sorted(PARTICLES))
    for text in texts:
        for match in re.finditer(rf"(?<!\w){capital}(?: (?:(?:{between}) )*{capital})+", text):
            words = match.group().split()
            while words and (words[0].lower() in small or words[0].lower() in PARTICLES):
                words = words[1:]
            real = [word for word in words if word.lower() not in PARTICLES]
            if len(real) > 1 and not any(folded(word) in known or word.lower() in small for word in real):
                counts[" ".join(words)] += 1
        for match in re.finditer(rf"(?<!\w)(?i:{titles})\.? ({capital})", text):
            if folded(match[1]) not in known:
                titled[match[1]] += 1
        for match in re.finditer(rf"(?:(?<=[^\W\d_] )|(?<=[^\W\d_], ))({capital})(?!\w)(?! {capital})", text):
            low = folded(match[1])
            if len(low) > 2 and low not in known and match[1].lower() not in small and low not in page["never"]:
                counts[match[1]] += 1
    for turn in its.corpus.turns:
        label = its.told(name_in(turn.label)) if turn.label and not turn.speaker and not turn.interviewer else ""
        if label and not set(folded(label).split()) <= known and not re.search(r"\d", label) and label[0].isupper():
            counts[label] += 1
    for part in {part for line in names for name in line for part in name.split() if len(name.split()) > 1}:
        if part[0].isupper() and folded(part) not in known:
            counts[part] += sum(len(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", text)) for text in texts)
    told = {word: titled[word] + counts[word] for word, _ in (*titled.most_common(), *counts.most_common())}
    hidden = {one.pseudonym for one in its.people}
    return tuple((word, times) for word, times in told.items() if times and word not in hidden)[:MOST]


def in_small_letters(its: Disguise) -> tuple[tuple[str, int], ...]:
    """Names that stand in the texts in small letters too, most often first."""
    counts: Counter[str] = Counter()
    for text in its.texts.values():
        for word in re.findall(r"[^\W\d_]{3,}", seen(text.after.text)):
            if word.islower() and folded(word) in its.forms.proper:
                counts[word] += 1
    return tuple(counts.most_common(MOST))


def within_words(its: Disguise, out: Path) -> tuple[tuple[str, int], ...]:
    """Longer words in which a name of LONG letters or more still stands, in the texts or in what is written about them."""
    long = sorted(name for known in its.forms.known if len(name := re.sub(r"[\W_]", "", known)) >= LONG)
    if not long:
        return ()
    held = re.compile("|".join(map(re.escape, long)))
    known = {*its.forms.known, *map(folded, no_names())}

    def words_in(texts: Iterable[str]) -> Counter[str]:
        counts = Counter(word for text in texts for word in re.findall(rf"{LETTER}(?:{LETTER}|[{MARKS}])*", seen(text)))
        return Counter(
            {word: n for word, n in counts.items() if (low := flat(folded(word))) not in known and held.search(low)}
        )

    narratives = {text.file for text in its.texts.values()}
    files = [path for path in out.rglob("*") if path.is_file() and path.relative_to(out).as_posix() not in narratives]
    counts = words_in(text.after.text for text in its.texts.values())
    # Rows quote the texts: a word that stands in both is counted where it was said.
    beside = words_in(
        [*(path.read_text("utf-8") for path in files), *(str(path.relative_to(out)) for path in out.rglob("*"))]
    )
    found = counts | Counter({word: n for word, n in beside.items() if word not in counts})
    # "LuzMarinero" is more likely a name than "marinero".
    return tuple(sorted(found.items(), key=lambda one: (one[0].islower(), -one[1], one[0]))[:MOST])
