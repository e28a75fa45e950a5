"""Findings in, something to read out."""
