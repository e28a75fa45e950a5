"""The app keeps its things in a folder of the test run, never in the user's own."""

from __future__ import annotations

import os
import tempfile

os.environ["WENESS_HOME"] = tempfile.mkdtemp(prefix="weness-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "weness_web.settings"
