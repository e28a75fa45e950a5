"""Stages in, a diagnosis and at most three steps out."""
