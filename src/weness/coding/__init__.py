"""A Corpus in, Codings out."""
