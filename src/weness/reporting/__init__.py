"""Findings in, something to read out."""

from __future__ import annotations

from pathlib import Path

from weness.findings import Findings
from weness.safekeeping import whole_text

__all__ = ["report_page", "write_report"]


def report_page(findings: Findings, lang: str = "en") -> str:
    """The whole report as one HTML page that asks nothing of the network."""
    from weness.reporting.page import report_page as page

    return page(findings, lang)


def write_report(findings: Findings, out: Path, lang: str = "en") -> Path:
    """Writes report.html, findings.json and tables/*.csv into ``out``; a file is there in full or not at all."""
    from weness.reporting.page import report_page as page
    from weness.reporting.summary import summary_text
    from weness.reporting.tables import tables

    files = {"report.html": page(findings, lang), "findings.json": summary_text(findings, lang)}
    files |= {f"tables/{name}.csv": text for name, text in tables(findings, lang).items()}
    for name, text in files.items():
        whole_text(out / name, text)
    return out / "report.html"
