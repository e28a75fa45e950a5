"""weness reads what partners of a cross-sector partnership say, and tells how far a common "we" has formed."""

__version__ = "0.1.0"
