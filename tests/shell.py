"""The command line, as a user has it."""

from typer.testing import CliRunner

from weness.cli import app


def run(*words: object, code: int = 0) -> str:
    """What a command prints; an error is one or two lines and no stack trace."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
    assert "Traceback" not in done.output
    return done.output
