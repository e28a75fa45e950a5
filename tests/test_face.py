"""What `import weness` offers to a script or a notebook."""

import subprocess
import sys

import pytest

import weness


def test_everything_that_is_promised_is_there():
    for name in weness.__all__:
        assert getattr(weness, name)


def test_a_wrong_name_is_answered_with_the_names_there_are():
    with pytest.raises(AttributeError, match="Study"):
        _ = weness.Studdy


def test_importing_loads_no_heavy_library():
    loaded = (
        "import sys, weness; print(sorted(set(sys.modules) & {'numpy', 'yaml', 'altair', 'pandas', 'typer', 'docx'}))"
    )
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
