"""Suppliers: the catalogue as the case sees it, and what each says of itself."""
