"""The app keeps its things in a folder of the test run, never in the user's own."""

from __future__ import annotations

import os
import tempfile

import django
from django.conf import settings

os.environ["WENESS_HOME"] = tempfile.mkdtemp(prefix="weness-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "weness_web.settings"
django.setup()
# As good for a test as a slow one.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
