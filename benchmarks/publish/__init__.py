"""How fast documents are made."""
