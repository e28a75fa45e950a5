"""Measures in, the stage over time out."""
