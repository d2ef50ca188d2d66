"""One data sheet, four formats."""

from renvand.publish.sheet.render import FORMATS, render_formats, render_sheet

__all__ = ["FORMATS", "render_formats", "render_sheet"]
