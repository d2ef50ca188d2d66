"""What a process engineer asks of a line: rinses, dye baths, fluids; data first, defaults named."""

from renvand.steps.review.insight.insight import Insight, insights

__all__ = ["Insight", "insights"]
