"""How fast the river is."""
