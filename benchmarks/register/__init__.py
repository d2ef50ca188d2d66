"""How the register scales: a synthetic census through the very expressions of the step."""
