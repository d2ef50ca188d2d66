"""The report of one company's review: confidential, unless it is released."""

from renvand.publish.review.model import Report
from renvand.publish.review.render import FORMATS, render_review, review_documents
from renvand.publish.review.report import review_report

__all__ = ["FORMATS", "Report", "render_review", "review_documents", "review_report"]
