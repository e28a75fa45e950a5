"""What an import did, as a paragraph for the methods section of a paper."""

from __future__ import annotations

from weness.stores.exchange.brought import Brought


def methods(brought: Brought, file: str, version: str) -> str:
    """In English, in full sentences; the losses and tolerances stand behind it one by one."""
    held, told = brought.held, brought.told
    coders = ", ".join(f"{name} ({_n(n, 'coding')})" for name, n in sorted(brought.coders.items()))
    lines = [
        f"The project {file}, written by {brought.origin}, was imported with weness {version}. It holds {_n(held.sources, 'source')}, {_n(held.codes, 'code')} "
        f"({brought.codes_used} of them used), {_n(held.selections, 'selection')} and {_n(held.codings, 'coding')}."
    ]
    if held.codings:
        came = sum(brought.coders.values())
        lines.append(f"{_n(came, 'coding')} could be placed in a text" + (f": {coders}." if coders else "."))
    if brought.tried:
        lines.append(
            f"Positions were read as {brought.counting}: so {brought.on_edges} of {_n(brought.placed, 'selection')} begin and end where words do"
            + (
                f" ({_n(len(brought.off_edges), 'selection')} do not, for instance {brought.off_edges[0]})."
                if brought.off_edges
                else "."
            )
        )
    parts = []
    if told.losses:
        parts.append(f"{_n(len(told.losses), 'thing')} could not be taken over")
    if told.tolerances:
        parts.append(f"{_n(len(told.tolerances), 'irregularity was', 'irregularities were')} put up with")
    lines.append(f"{' and '.join(parts)}; each is listed." if parts else "Nothing was lost.")
    return " ".join(lines)


def _n(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or word + 's'}"
