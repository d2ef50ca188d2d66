"""How long reconciliation takes, from one site to a park."""
