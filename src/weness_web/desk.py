"""Who works on which text, and what may be asked there: passages inside it, codes that there are, ids that are free."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Substr

from weness_web.changes import TABLES
from weness_web.codebooks import code_ids
from weness_web.faults import Fault
from weness_web.models import Document, Study, User


@dataclass(frozen=True)
class Desk:
    study: Study
    user: User
    document: Document

    def passage(self, asked: Mapping[str, Any]) -> tuple[int, int]:
        """Raises Fault where it is not inside the text."""
        start, end = asked.get("start"), asked.get("end")
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= self.document.length:
            raise Fault("reader.no_passage")
        return start, end

    def code(self, asked: Mapping[str, Any], name: str = "code") -> str:
        code = asked.get(name)
        if not isinstance(code, str) or code not in code_ids(self.study):
            raise Fault("reader.no_code", code=str(code)[:60])
        return code

    def words(self, start: int, end: int) -> str:
        """The characters of a passage, without the rest of the text."""
        row = Document.objects.filter(pk=self.document.pk).annotate(words=Substr("text", start + 1, end - start))
        return str(row.values_list("words", flat=True).get())

    def id(self, asked: Mapping[str, Any], name: str) -> uuid.UUID:
        try:
            return uuid.UUID(str(asked.get(name)))
        except ValueError:
            raise Fault("common.not_understood") from None

    def new_id(self, asked: Mapping[str, Any]) -> uuid.UUID:
        """The id that the browser gave a new row, so that it can go on with it before it is saved; else a new one."""
        if not asked.get("new"):
            return uuid.uuid4()
        id = self.id(asked, "new")
        if any(model._default_manager.filter(pk=id).exists() for model in TABLES.values()):
            raise Fault("common.not_understood", status=409)
        return id
