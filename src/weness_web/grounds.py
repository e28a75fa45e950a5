"""What a guess rests on, as weness says it, in the user's language."""

from __future__ import annotations

import re

from weness_web.words import Words

GENRE = r"(?P<genre>interview|minutes|report|email|press) by "
SAID = tuple(
    (re.compile(pattern), line)
    for pattern, line in (
        (r"sector by its name", "sector_by_name"),
        (r"say which sector", "say_sector"),
        (r"say which power", "say_power"),
        (r"no organisation was found in the texts: put yours here", "no_partner"),
        (r"organisation and role as told", "house_and_role"),
        (r"organisation as told", "house"),
        (r"named for (?P<called>.+) (?P<n>\d+) times, also for (?P<others>.+)", "several_houses"),
        (r"organisation by the mail address (?P<called>.+)", "mail_address"),
        (r"say for which partner", "say_partner"),
        (r"asks the questions", "asks"),
        (r"speaks in its press release", "press_release"),
        (r"the same person as (?P<called>.+)\?", "same_person"),
        (r"(?P<n>\d+) documents?, (?P<start>\S+) to (?P<end>\S+)", "dates_of"),
        (r"add the event", "add_event"),
        (r"say from when to when", "say_when"),
        (r"date in the file name", "date_in_name"),
        (r"date in the text", "date_in_text"),
        (r"the file's own date", "date_of_file"),
        (r"no date found", "no_date"),
        (GENRE + r"e-mail (?:file|headers)", "by_mail"),
        (GENRE + r"questions and answers", "by_questions"),
        (GENRE + r"['\"](?P<word>.+)['\"] in the file name", "by_name"),
        (GENRE + r"['\"](?P<word>.+)['\"] in the text", "by_word"),
        (GENRE + r"a recording", "by_recording"),
        (GENRE + r"attendance list", "by_list"),
        (GENRE + r"people take turns", "by_turns"),
        (GENRE + r"no sign of another genre", "by_nothing"),
        (r"language not recognised", "no_language"),
        (r"wave unknown", "no_wave"),
        (r"nobody's name found", "nobody"),
    )
)
"""A phrase of weness and the line of setup.yaml (under ``ground``) that says it. What is not here stands as weness says it."""


def said(ground: str, w: Words) -> str:
    return "; ".join(_said(piece, w) for piece in ground.split("; ") if piece)


def _said(piece: str, w: Words) -> str:
    for pattern, line in SAID:
        found = pattern.fullmatch(piece)
        if found:
            facts = found.groupdict()
            if "genre" in facts:
                facts["genre"] = w.or_same("common.genre", facts["genre"])
            return w(f"setup.ground.{line}", **facts)
    return piece
