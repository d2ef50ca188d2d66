"""How fast plants are screened."""
