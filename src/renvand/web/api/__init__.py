"""The interface for programs: the same rows and runs, with a key instead of a password."""
