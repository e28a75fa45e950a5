"""What may be said of a coding beside its code: which fields, and which values each of them takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weness_web import services
from weness_web.faults import Fault
from weness_web.models import Study

Row = dict[str, Any]
LONGEST = 200
BESIDE_PARTNERS = {"holder": ("partnership", "beneficiaries", "unspecified"), "target": ("partnership",)}


def kept(code: str, fields: Mapping[str, Any]) -> Row:
    """Those of a coding's fields that another code has too."""
    known = services.fields_of(code)
    return {
        name: value
        for name, value in fields.items()
        if name in known and (not known[name]["values"] or value in known[name]["values"])
    }


def said(study: Study, code: str, asked: Any) -> Row:
    """The fields as a person set them, without the empty ones. Raises Fault where a field or a value is not the code's."""
    known = services.fields_of(code)
    if not isinstance(asked, Mapping) or not set(asked) <= set(known):
        raise Fault("common.not_understood")
    partners = {str(one.get("id")) for one in partners_of(study)}
    told = {name: value for name, value in asked.items() if value not in ("", None, [])}
    for name, value in told.items():
        if not _fits(known[name], value, partners):
            raise Fault("reader.value_unknown", name=name)
    return told


def partners_of(study: Study) -> list[Row]:
    return [one for one in services.page_of(study.page)["partners"] if isinstance(one, Mapping) and one.get("id")]


def _fits(field: Row, value: Any, partners: set[str]) -> bool:
    kind = field["kind"]
    if kind == "yesno":
        return isinstance(value, bool)
    if kind == "text":
        return isinstance(value, str) and len(value) <= LONGEST
    if kind == "partners":
        return value == "all" or (isinstance(value, list) and set(map(str, value)) <= partners)
    if kind == "codes":
        return isinstance(value, list) and all(one in services.codes() for one in value)
    if kind in BESIDE_PARTNERS:
        return value in partners or value in BESIDE_PARTNERS[kind]
    return value in field["values"]
