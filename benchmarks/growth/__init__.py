"""How time grows with size."""
