"""Step 5: what a reviewed company can save, by which network and technique, at what cost."""

from renvand.steps.potential.step import potential, potential_of

__all__ = ["potential", "potential_of"]
