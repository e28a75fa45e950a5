"""Django's settings. Everything a user can choose is an option of `weness serve` or a variable named WENESS_..."""

from __future__ import annotations

import os

import dj_database_url

from weness_web.home import home, secret_key

HOME = home()
SECRET_KEY = secret_key()
DEBUG = False

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "weness_web"]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("WENESS_DATABASE_URL") or f"sqlite:///{(HOME / 'weness.sqlite3').as_posix()}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Who is about to write waits for its turn at once, so that two writers never meet half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "weness_web.User"

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
