"""Where a project or a codebook does not keep to the REFI-QDA standard, in sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weness import library

NAMESPACES = {"urn:QDA-XML:project:1.0": "project", "urn:QDA-XML:codebook:1.0": "codebook"}
ROOTS = {"Project": "project", "CodeBook": "codebook"}


@dataclass(frozen=True, slots=True)
class Rule:
    """``children`` matches the names of the children, each with a blank behind it; ``attributes``: name -> (needed, pattern)."""

    order: str
    children: re.Pattern[str]
    attributes: Mapping[str, tuple[bool, re.Pattern[str] | None]]


def breaches(root: Any) -> tuple[str, ...]:
    """Every way in which an XML tree breaks the standard, each once, with how often; () for a valid one.

    ``root`` is the element Project of a .qde or CodeBook of a .qdc.
    """
    kind = ROOTS.get(name_of(root), "project")
    found: Counter[str] = Counter()
    namespace = root.tag.partition("}")[0].lstrip("{") if "}" in root.tag else ""
    if NAMESPACES.get(namespace) != kind:
        found[f"The namespace is {namespace or 'missing'!r}."] += 1
    for element in root.iter("*"):
        found.update(_of(element, rules_of(kind)))
    return tuple(f"{what} ({n} times)" if n > 1 else what for what, n in found.items())


def name_of(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _of(element: Any, rules: Mapping[str, Rule]) -> Iterator[str]:
    name = name_of(element)
    rule = rules.get(name)
    names = [name_of(child) for child in element if isinstance(child.tag, str)]
    if rule is None:
        if names or element.attrib:
            yield f"The standard knows no element {name}."
        return
    if not rule.children.fullmatch("".join(f"{one} " for one in names)):
        there = ", ".join(dict.fromkeys(names)) or "nothing"
        yield f"{name} holds {there}, where the standard asks for {_asked(rule.order)}."
    for attribute, (needed, pattern) in rule.attributes.items():
        value = element.get(attribute)
        if value is None and needed:
            yield f"{name} has no {attribute}."
        elif value is not None and pattern and not pattern.fullmatch(value.strip()):
            yield f"{name} has a {attribute} that is none."
    for attribute in element.attrib:
        if attribute not in rule.attributes and "}" not in attribute:
            yield f"{name} has an attribute {attribute}, which the standard does not know."


def _asked(order: str) -> str:
    """The order of a rule in words."""
    signs = {"+": " (one or more)", "*": " (any number)", "?": " (if any)"}
    told = ((signs.get(one[-1]) and f"{one[:-1]}{signs[one[-1]]}") or one for one in order.split())
    return ", ".join(told) or "nothing"


@cache
def rules_of(kind: str) -> dict[str, Rule]:
    """The rules of "project" or "codebook", by element."""
    page = library.page("standards", "refi_qda")
    patterns = {name: re.compile(pattern) for name, pattern in page["patterns"].items()}
    return {name: _rule(row, patterns) for name, row in page[kind].items()}


def _rule(row: Mapping[str, str], patterns: Mapping[str, re.Pattern[str]]) -> Rule:
    order = row.get("children", "")
    children = re.sub(r"\w+", lambda name: f"(?:{name.group()} )", order).replace(" )", "\x1f)")
    attributes = {}
    for told in row.get("attributes", "").split():
        attribute, _, pattern = told.partition(":")
        attributes[attribute.removesuffix("!")] = (attribute.endswith("!"), patterns.get(pattern))
    return Rule(order, re.compile(children.replace(" ", "").replace("\x1f", " ")), attributes)
