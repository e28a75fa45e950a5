"""A study in, the same study without names out, and a key that only its owner holds; with the key, all of it back."""
