"""HTML as a tree: text can only ever become text, because nothing is pasted together."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from renvand.errors import OurFault

Node = ET.Element
Child = Node | str | None
_SVG = "{http://www.w3.org/2000/svg}"
# fmt: off
_DRAWING = {
    "svg", "g", "path", "rect", "circle", "ellipse", "polyline", "polygon", "line", "text", "tspan",
    "defs", "clipPath", "linearGradient", "radialGradient", "stop", "title", "desc",
}
# fmt: on


def tag(kind: str, /, *children: Child, **attributes: str) -> Node:
    """Make an element; ``class_`` and ``data_why`` become ``class`` and ``data-why``."""
    named = {k.rstrip("_").replace("_", "-"): v for k, v in attributes.items()}
    node = ET.Element(kind, named)
    fill(node, children)
    return node


def fill(node: Node, children: Iterable[Child]) -> None:
    """Put children into an element, in order."""
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            if len(node):
                node[-1].tail = (node[-1].tail or "") + child
            else:
                node.text = (node.text or "") + child
        else:
            node.append(child)


def drawing(svg: str, *, alt: str) -> Node:
    """Take in a drawing of ours; refuse whatever is more than shapes and words.

    Raises
    ------
    OurFault
        When the drawing holds a script, a link or an event.
    """
    root = ET.fromstring(svg)
    for node in root.iter():
        node.tag = node.tag.removeprefix(_SVG)
        if node.tag not in _DRAWING:
            raise OurFault(f"chart: a drawing may not hold <{node.tag}>")
        for name in list(node.attrib):
            if name.startswith("on") or "href" in name:
                raise OurFault(f"chart: a drawing may not hold '{name}'")
            if name.startswith("{"):
                del node.attrib[name]
    width, height = root.get("width", "0"), root.get("height", "0")
    root.attrib.clear()
    root.attrib.update(
        {
            "viewBox": f"0 0 {width} {height}",
            "role": "img",
            "aria-label": alt,
            "class": "drawing",
            "style": f"max-width:{float(width) * 1.6:.0f}px",
        }
    )
    return root


def html(root: Node) -> str:
    """Write a whole page."""
    return "<!doctype html>\n" + ET.tostring(root, encoding="unicode", method="html") + "\n"
