"""Process models as pages: read, closed, compiled."""

from renvand.process.model import Model, load_model
from renvand.process.page import page_names, read_page

__all__ = ["Model", "load_model", "page_names", "read_page"]
