"""Draw an ECharts option to SVG inside this process: no browser, no node."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Mapping
from importlib import resources
from typing import Any

from renvand.errors import OurFault

_HOST = """
var globalThis = this; var setTimeout = function () {}; var clearTimeout = function () {};
"""
# Drawing a string twice through JSON flattens it: the bridge cannot read V8-like rope strings.
_DRAW = """
function draw(option, width, height, maps) {
  for (var name in maps) echarts.registerMap(name, maps[name]);
  var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  chart.setOption(option);
  var svg = chart.renderToSVGString();
  chart.dispose();
  return JSON.parse(JSON.stringify(svg));
}
"""
_local = threading.local()  # a context belongs to the thread that made it


def _context() -> Any:
    if not hasattr(_local, "context"):
        import quickjs

        context = quickjs.Context()
        source = resources.files("renvand.publish") / "assets" / "echarts" / "echarts.min.js"
        context.eval(_HOST)
        context.eval(source.read_text(encoding="utf-8"))
        context.eval(_DRAW)
        _local.context = context
    return _local.context


def svg(
    option: Mapping[str, Any],
    *,
    width: float,
    height: float,
    maps: Mapping[str, Any] | None = None,
) -> str:
    """Draw a chart.

    Parameters
    ----------
    option : mapping
        An ECharts option without functions.
    width, height : float
        Size of the drawing. [px, = pt on paper]
    maps : mapping of str to GeoJSON, optional
        Shapes that a map chart names.

    Returns
    -------
    str
        The SVG.

    Raises
    ------
    OurFault
        When ECharts refuses the option.
    """
    import quickjs

    arguments = ", ".join(
        json.dumps(part, ensure_ascii=True, allow_nan=False)
        for part in (option, width, height, maps or {})
    )
    try:
        return _settled(str(_context().eval(f"draw({arguments})")))
    except quickjs.JSException as error:
        raise OurFault(f"chart: ECharts says {error}") from error


def _settled(svg: str) -> str:
    """Drop the hover styles, and name after the drawing what ECharts numbers by a running count.

    The same chart is then the same bytes, and two charts on a page never share a name.
    """
    bare = re.sub(
        r'<style[^>]*>.*?</style>| class="zr\d+-[^"]*"| pointer-events="visible"',
        "",
        svg,
        flags=re.S,
    )
    nameless = re.sub(r"zr\d+-", "zr-", bare)
    return nameless.replace("zr-", f"c{hashlib.sha256(nameless.encode()).hexdigest()[:8]}-")
