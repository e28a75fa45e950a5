"""Narratives in, a Corpus out."""
