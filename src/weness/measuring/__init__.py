"""Codings in, Measures out."""
