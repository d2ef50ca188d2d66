"""Step 4: the review of a company; a water and mass balance that closes, and what it says."""

from renvand.steps.review.faults import check
from renvand.steps.review.network import reconciled
from renvand.steps.review.step import review

__all__ = ["check", "reconciled", "review"]
