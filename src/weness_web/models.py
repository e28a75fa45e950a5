"""What the app keeps: studies, their texts, everybody's work on them, and every change so that it can be undone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class Users(BaseUserManager["User"]):
    def create_user(self, name: str, password: str | None = None, **more: Any) -> User:
        user = self.model(name=name.strip(), **more)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, name: str, password: str | None = None, **more: Any) -> User:
        return self.create_user(name, password, keeps_house=True, **more)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. ``name`` is also the coder's name in the codings; ``keeps_house`` may add accounts."""

    name = models.CharField(max_length=80, unique=True)
    language = models.CharField(max_length=2, blank=True)
    keeps_house = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "name"
    objects = Users()


class Invitation(models.Model):
    """A link by which one account can be made, once."""

    token = models.CharField(max_length=60, unique=True)
    keeps_house = models.BooleanField(default=False)
    until = models.DateTimeField()


class Failure(models.Model):
    """A wrong password for a name, kept for some minutes."""

    name = models.CharField(max_length=80, db_index=True)
    at = models.DateTimeField(auto_now_add=True)


class Row(models.Model):
    """A row that users change: ``KEPT`` names the fields that a change remembers, so that it can be undone."""

    KEPT: tuple[str, ...] = ()
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def as_row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.KEPT}


class Study(Row):
    """One partnership. ``page`` is the text of its study.yaml; ``guesses`` says of which rows of it nobody looked at the guess:
    {"partners/coop": "sector by its name"}. ``revision`` counts the changes that may change the findings."""

    KEPT = ("title", "page", "guesses", "blind", "settings")
    title = models.CharField(max_length=200)
    page = models.TextField(blank=True)
    guesses = models.JSONField(default=dict)
    blind = models.BooleanField(default=False)
    settings = models.JSONField(default=dict)
    invented = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(User, through="Member", related_name="studies")

    class Meta:
        ordering = ("-made_at",)


class Member(models.Model):
    """Who may open a study. ``closed_at`` ends one's blind round: from then on the others' work is seen, and one's own stands."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    owner = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("study", "user"), name="once_a_member"),)


class Document(models.Model):
    """One narrative as weness read it. The text never changes. ``turns``: [[start, end, speaker, label, interviewer]];
    ``sentences``: [[start, end, language, turn, speaker, partner, excluded, prompted]]; ``mentions``: [[start, end, form, of, target]].
    ``gone``: the study names the file no longer; what was coded in it stays here, in case it comes back."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="documents")
    file = models.CharField(max_length=400)
    place = models.PositiveIntegerField()
    text = models.TextField()
    length = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    genre = models.CharField(max_length=20)
    wave = models.CharField(max_length=80, blank=True)
    date = models.CharField(max_length=10, blank=True)
    partner = models.CharField(max_length=80, null=True, blank=True)
    source = models.TextField(blank=True)
    turns = models.JSONField(default=list)
    sentences = models.JSONField(default=list)
    mentions = models.JSONField(default=list)
    gone = models.BooleanField(default=False)

    HEAVY = ("text", "turns", "sentences", "mentions")

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("study", "file"), name="a_file_once"),)


class Passage(Row):
    """Characters [start, end) of a text, in code points, with a code on them."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="%(class)ss")
    document = models.ForeignKey(Document, models.CASCADE, related_name="%(class)ss")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    code = models.CharField(max_length=200)
    coder = models.CharField(max_length=200)
    words = models.TextField()
    fields = models.JSONField(default=dict)
    why = models.TextField(blank=True)

    class Meta:
        abstract = True


class Coding(Passage):
    """A person's code on a passage. ``suggested`` tells which suggestion of a machine it accepts or changes."""

    KEPT = ("study_id", "document_id", "start", "end", "code", "coder", "words", "fields", "why", "suggested", "guid")
    suggested = models.JSONField(null=True)
    guid = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("start", "end", "code")
        indexes = (models.Index(fields=("document", "start")), models.Index(fields=("study", "code")))


class Suggestion(Passage):
    """What a machine says. It is never changed; a person accepts, changes or rejects it."""

    kind = models.CharField(max_length=20)
    probability = models.FloatField()

    class Meta:
        ordering = ("start", "end", "code")
        indexes = (models.Index(fields=("document", "start")),)


class Rejection(Row):
    """A person's no to a machine's code on a passage. It outlives the suggestion, which a machine may make again."""

    KEPT = ("study_id", "document_id", "start", "end", "code", "coder")
    study = models.ForeignKey(Study, models.CASCADE, related_name="rejections")
    document = models.ForeignKey(Document, models.CASCADE, related_name="rejections")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    code = models.CharField(max_length=200)
    coder = models.CharField(max_length=200)


class Reading(Row):
    """A person read a text in full for these ``families``: what is left uncoded was seen, and is nothing."""

    KEPT = ("study_id", "document_id", "coder", "families")
    study = models.ForeignKey(Study, models.CASCADE, related_name="readings")
    document = models.ForeignKey(Document, models.CASCADE, related_name="readings")
    coder = models.CharField(max_length=200)
    families = models.JSONField(default=list)


class Memo(Row):
    """What somebody wrote on a ``thing`` of a ``kind``: coding (its id), document (its file), code (its id), study ("")."""

    KEPT = ("study_id", "kind", "thing", "by", "text", "guid")
    study = models.ForeignKey(Study, models.CASCADE, related_name="memos")
    kind = models.CharField(max_length=20)
    thing = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=200)
    text = models.TextField()
    guid = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(auto_now=True)


class Draw(models.Model):
    """One drawing of the check sample. ``head`` is its row of checks.jsonl."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="draws")
    number = models.PositiveIntegerField()
    head = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("study", "number"), name="a_draw_once"),)


class Check(models.Model):
    """One drawn item. ``row`` is its row of checks.jsonl as it was drawn."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="checks")
    draw = models.ForeignKey(Draw, models.CASCADE, related_name="checks")
    item = models.CharField(max_length=40)
    place = models.PositiveIntegerField()
    row = models.JSONField()

    class Meta:
        ordering = ("draw", "place")
        constraints = (models.UniqueConstraint(fields=("study", "item"), name="an_item_once"),)


class CheckAnswer(Row):
    """What a person says of a drawn item: ``codes``, [] where none applies. Who answered first (``at``) counts."""

    KEPT = ("study_id", "item", "coder", "codes", "at")
    study = models.ForeignKey(Study, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=40)
    coder = models.CharField(max_length=200)
    codes = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = (models.UniqueConstraint(fields=("study", "item", "coder"), name="an_answer_once"),)


class CodebookVersion(Row):
    """The study's wording of the codes and its own codes, whole, as somebody left it. The one with the highest number holds.

    ``content``: {"codes": {id: {part: {language: text}}}, "own": [{id, name, description, color, parent, means}], "keys": {...}}.
    """

    KEPT = ("study_id", "number", "content", "by", "note", "at")
    study = models.ForeignKey(Study, models.CASCADE, related_name="codebooks")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)


class Overview(models.Model):
    """The findings as they were worked out for a part of the study (``filters``: {} is the whole) at a ``revision``.

    ``pages``: {language: HTML of weness.reporting}; ``facts``: what other pages need of them (services.conclude tells).
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="overviews")
    filters = models.JSONField(default=dict)
    revision = models.PositiveIntegerField()
    pages = models.JSONField()
    facts = models.JSONField()
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-id",)


class Adoption(Row):
    """A step that the partners mean to take. ``expected``: {measure: [from, to]}, the sign that would show it worked, as it was
    told when the step was adopted after ``wave``; ``found`` comes from the findings of later waves. ``state``: a column of the board."""

    STATES = ("planned", "doing", "done", "dropped")
    KEPT = (
        "study_id",
        "action",
        "wave",
        "owner",
        "due",
        "note",
        "state",
        "reason",
        "expected",
        "by",
        "at",
    )
    study = models.ForeignKey(Study, models.CASCADE, related_name="adoptions")
    action = models.CharField(max_length=80)
    wave = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    due = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="planned")
    reason = models.JSONField(default=list)
    expected = models.JSONField(default=dict)
    by = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("due", "at")


class Event(models.Model):
    """One action of one user. ``changes``: [{"table", "id", "before", "after"}]; ``op`` is the id that the browser gave it, so
    that what is sent twice is done once; ``lost`` is an undone action that can no longer be done again."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="events")
    user = models.ForeignKey(User, models.CASCADE, related_name="events")
    op = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)
    changes = models.JSONField()
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    undone = models.BooleanField(default=False)
    lost = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("study", "user", "op"), name="an_action_once"),)
        indexes = (models.Index(fields=("study", "user", "undone", "lost")),)


class Job(models.Model):
    """Long work in the background. ``kind``: read, suggest, conclude, agree, draw, import, export. ``told`` is what came of it."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
    study = models.ForeignKey(Study, models.CASCADE, related_name="jobs")
    user = models.ForeignKey(User, models.SET_NULL, null=True)
    kind = models.CharField(max_length=20)
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=WAITING)
    due_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=400, blank=True)
    told = models.JSONField(default=dict)
    fault = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("state", "due_at")),)
