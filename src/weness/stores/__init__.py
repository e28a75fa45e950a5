"""Codings kept in a folder; studies that come from and go to other programs (exchange); studies without names (pseudonyms)."""
