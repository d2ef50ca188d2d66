"""Charts: one definition for page, paper and slide.

``option`` gives the ECharts option, ready for a browser; ``svg`` draws it without one;
``alt`` says in words what it shows; ``rows`` gives its numbers as a table.
"""

from renvand.publish.charts.alt import alt, rows
from renvand.publish.charts.draw import svg
from renvand.publish.charts.option import option

__all__ = ["alt", "option", "rows", "svg"]
