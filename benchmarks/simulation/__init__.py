"""How fast plants are simulated, and how right."""
