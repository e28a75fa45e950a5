"""A project of another program in, a study's folder out, and back: REFI-QDA, Taguette, tables. Every loss is told."""
