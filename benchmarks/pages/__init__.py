"""How long a person waits on a page."""
