"""How fast water networks are solved, beside the plain solver."""
