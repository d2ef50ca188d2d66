"""How long rankings take, beside what else there is."""
