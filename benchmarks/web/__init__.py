"""How the pages do with a large register and many people at once."""
