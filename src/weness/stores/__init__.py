"""Codings kept in a folder."""
