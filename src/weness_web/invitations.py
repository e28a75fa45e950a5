"""One-time links by which an account is made: the first at the first start, others by who keeps the house."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from weness_web.faults import Fault
from weness_web.models import Invitation, User

VALID = timedelta(days=7)


def first_invitation() -> str:
    """The token for the first account, "" where there is an account already. Tokens of earlier starts no longer hold."""
    if User.objects.exists():
        return ""
    Invitation.objects.filter(keeps_house=True).delete()
    return invited(keeps_house=True)


def invited(keeps_house: bool = False) -> str:
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(token=token, keeps_house=keeps_house, until=timezone.now() + VALID)
    return token


def is_valid(token: str) -> bool:
    return Invitation.objects.filter(token=token, until__gt=timezone.now()).exists()


def taken(token: str, name: str, password: str, language: str) -> User:
    """The account, made. Raises Fault where the link was used before or is too old."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update().filter(token=token, until__gt=timezone.now()).first()
        if row is None:
            raise Fault("accounts.link_spent", status=410)
        user = User.objects.create_user(name, password, language=language, keeps_house=row.keeps_house)
        row.delete()
    return user
