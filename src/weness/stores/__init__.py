"""Codings kept in a folder, and read back."""
