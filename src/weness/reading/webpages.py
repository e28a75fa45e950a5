"""Web pages and HTML mail: what a browser would show, block by block."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weness.reading.blocks import Page, table_lines
from weness.reading.encodings import decoded
from weness.reading.reader import CannotRead, Narrative

DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "meta",
        "link",
        "svg",
        "math",
        "object",
        "embed",
        "iframe",
        "audio",
        "video",
        "canvas",
        "select",
        "button",
        "datalist",
        "input",
        "textarea",
        "img",
        "map",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "section",
        "summary",
        "tbody",
        "thead",
        "tr",
        "ul",
        "center",
    ]
)
APART = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "table",
        "ul",
        "ol",
        "dl",
        "figure",
        "section",
        "article",
    ]
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
SPACE = re.compile(r"[ \t\n\r\f]+")


def read_html(path: Path, encoding: str | None = None) -> tuple[Narrative, ...]:
    data = path.read_bytes()
    declared = CHARSET.search(data[:4096])
    found = decoded(path, data, encoding, declared.group(1).decode("ascii") if declared else None)
    text, title = html_text(path, found.text)
    source = f"Web page; {found.how}; scripts, styles, pictures, buttons and hidden parts left out."
    warnings = found.warnings
    if "\ufffd" in text and "\ufffd" not in found.text:
        warnings += ("The page names a character that does not exist; it shows as \ufffd.",)
    return (Narrative("", text, source, warnings, title=title),)


def html_text(path: Path, source: str, quotes: bool = False) -> tuple[str, str]:
    """The text and the title of a page. With ``quotes`` (mail) lines of a blockquote begin with ``> ``."""
    root = _root(path, source)
    heading = root.find(".//title")
    title = " ".join((heading.text or "").split()) if heading is not None else ""
    writer = _Writer(quotes)
    writer.write(root)
    return writer.text, title


def _root(path: Path, source: str) -> Any:
    from lxml import etree, html

    if "<!ENTITY" in source[:100_000].upper():
        raise CannotRead(path, "The page declares entities: refused.")
    parser = html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(DECLARATION.sub("", source), parser=parser)
    except etree.ParserError as error:
        raise CannotRead(path, f"No text was found in the page ({error}).") from error
    # The parser stops at its limit without a word, and what follows would be lost.
    broken = [entry.message for entry in parser.error_log if entry.type_name == "ERR_RESOURCE_LIMIT"]
    if broken:
        raise CannotRead(path, f"The page is nested too deeply or too large ({broken[0].split(',')[0]}): refused.")
    return root


@dataclass(slots=True)
class _Writer:
    """Walks a page without recursion: 2,000 nested blocks are legal."""

    quotes: bool
    page: Page = field(default_factory=Page)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    verbatim: int = 0

    def write(self, root: Any) -> None:
        stack: list[tuple[str, Any]] = [("open", root)]
        while stack:
            step, element = stack.pop()
            if step == "tail":
                self._say(element.tail)
            elif step == "close":
                self._close(element.tag)
            elif isinstance(element.tag, str) and not self._skips(element):
                self._open(element, stack)
        self._flush(False)

    @property
    def text(self) -> str:
        return self.page.text

    def _skips(self, element: Any) -> bool:
        return element.tag in DROPPED or "hidden" in element.attrib or bool(HIDDEN.search(element.get("style") or ""))

    def _open(self, element: Any, stack: list[tuple[str, Any]]) -> None:
        tag = element.tag
        if tag == "br":
            self.words.append("\n")
        elif tag == "table" and element.find(".//table") is None:
            self._flush(True)
            self._table(element)
        else:
            if tag in BLOCKS or tag in APART:
                self._flush(tag in APART)
            self.depth += self.quotes and tag == "blockquote"
            self.verbatim += tag == "pre"
            if tag in ("td", "th") and self.words:
                self.words.append(" ")
            stack.append(("close", element))
            for child in reversed(element):
                stack += [("tail", child), ("open", child)]
            self._say(element.text)

    def _close(self, tag: str) -> None:
        if tag in BLOCKS or tag in APART:
            self._flush(tag in APART)
        self.depth -= self.quotes and tag == "blockquote"
        self.verbatim -= tag == "pre"

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(text if self.verbatim else SPACE.sub(" ", text))

    def _table(self, table: Any) -> None:
        rows = []
        for row in table.iter("tr"):
            cells = []
            for cell in row.iterchildren("td", "th"):
                inner = _Writer(False)
                for child in (cell,):
                    inner.write(child)
                cells.append(inner.text)
            rows.append(cells)
        caption = table.find("caption")
        if caption is not None:
            self._line(" ".join(caption.text_content().split()), False)
        for line in table_lines(rows):
            self._line(line, False)
        self.page.gap = True

    def _flush(self, apart: bool) -> None:
        """The words gathered so far, as one paragraph."""
        if self.words:
            text = "".join(self.words)
            self.words.clear()
            if not self.verbatim:
                text = "\n".join(SPACE.sub(" ", line).strip() for line in text.split("\n"))
            if text.strip():
                self._line(text.strip("\n") if self.verbatim else text.strip(), False)
        if apart:
            self.page.gap = True

    def _line(self, text: str, apart: bool) -> None:
        mark = "> " * self.depth
        self.page.add("\n".join(mark + line for line in text.split("\n")) if mark else text, apart)
