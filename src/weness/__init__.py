"""weness reads what partners of a cross-sector partnership say, and tells how far a common "we" has formed.

from weness import Study, write_report
write_report(Study("my folder").conclude(), "report", "en")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weness.coding.codebook import codebook_named as codebook_named
    from weness.reading.gathering import read_study as read_study
    from weness.reporting import write_report as write_report
    from weness.staging.process import process_named as process_named
    from weness.study import Study as Study

__version__ = "0.1.0"

_HOMES = {
    "Study": "weness.study",
    "codebook_named": "weness.coding.codebook",
    "process_named": "weness.staging.process",
    "read_study": "weness.reading.gathering",
    "write_report": "weness.reporting",
}
__all__ = ["Study", "__version__", "codebook_named", "process_named", "read_study", "write_report"]


def __getattr__(name: str) -> Any:
    """The face of the package, loaded when first asked for: `import weness` alone stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"weness has no {name!r}. It has: {', '.join(sorted(_HOMES))}.")
    return getattr(import_module(_HOMES[name]), name)
