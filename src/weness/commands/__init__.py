"""The commands of the command line, a sentence each; every one is the twin of something in the library."""
