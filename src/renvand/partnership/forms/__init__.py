"""Forms of a review: workbooks and tablet surveys with the usual units drawn; and back again."""

from renvand.partnership.forms.drawing import drawn_review, form_of_sector
from renvand.partnership.forms.submission import read_submissions
from renvand.partnership.forms.survey import survey_workbook
from renvand.partnership.forms.visit import import_review, review_template

__all__ = [
    "drawn_review",
    "form_of_sector",
    "import_review",
    "read_submissions",
    "review_template",
    "survey_workbook",
]
