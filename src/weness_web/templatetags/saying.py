"""Tags by which a template says a line of the wording, always escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], name: str, **facts: object) -> str:
    """{% say "studies.texts_of" who=partner.name %}; no fact is called name or context."""
    return context["w"](name, **facts)


@register.simple_tag(takes_context=True)
def say_n(context: Mapping[str, Any], name: str, n: int, **facts: object) -> str:
    """{% say_n "common.texts" 3 %}: the line for one or for several."""
    return context["w"].count(name, n, **facts)


@register.simple_tag(takes_context=True)
def say_or(context: Mapping[str, Any], shelf: str, name: str) -> str:
    """The word for a name that weness gives (a genre, a sector, a verb), or that name."""
    return context["w"].or_same(shelf, name)


@register.filter
def get(table: Mapping[Any, Any], key: Any) -> Any:
    return table.get(key, "")
