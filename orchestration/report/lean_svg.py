"""Makes a drawing of Vega's half as large: nothing looks different, and every label and text stays.

Vega writes coordinates to a thousandth of a pixel, every attribute at every mark, and groups that hold nothing.
"""

import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COORDINATES = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "points")
# What holds without being said, or only a page with scripts would use; so are the classes of marks.
_SAYS_NOTHING = {
    *(("opacity", "1"), ("transform", "translate(0,0)"), ("x2", "0"), ("y2", "0")),
    *(("pointer-events", "none"), ("stroke-miterlimit", "10"), ("version", "1.1")),
}
_SAID_BY_ITS_GROUP = {"graphics-symbol": ("class", "aria-roledescription")}
# What a group hands down to the marks in it, and to texts alone.
_TEXT_ALONE = ("font-family", "font-size", "font-weight", "text-anchor")
_HANDED_DOWN = ("fill", "stroke", "stroke-width", "stroke-dasharray", *_TEXT_ALONE)
_CORNER = re.compile(r"([ML])(-?[\d.]+),(-?[\d.]+)(Z?)")
_STRAIGHT = re.compile(r"(?:[ML]-?[\d.]+,-?[\d.]+Z?)+")
_CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0Z?")


def lean(svg: str) -> str:
    """Return the SVG of a drawing with a tenth of a pixel, attributes once a group, and nothing that is not drawn.

    Raises:
        ElementTree.ParseError: it is not XML.
    """
    root = ElementTree.fromstring(svg.replace(f' xmlns="{SVG}"', "", 1))
    _prune(root)
    _hand_up(root)
    root.set("xmlns", SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: ElementTree.Element) -> None:
    """Round what a mark and all in it have, and drop what draws nothing."""
    if element.tag == "defs":
        return  # colours that run into each other have coordinates of another kind
    for name, value in list(element.attrib.items()):
        if (name, value) in _SAYS_NOTHING or name in _SAID_BY_ITS_GROUP.get(element.get("role", ""), ("class",)):
            del element.attrib[name]
        elif name in _COORDINATES:
            element.set(name, _NUMBER.sub(_rounded, value))
    outline = element.get("d", "")
    if circle := _CIRCLE.fullmatch(outline):
        element.tag = "circle"
        del element.attrib["d"]
        element.set("r", circle[1])
    elif _STRAIGHT.fullmatch(outline):
        element.set("d", _steps(outline))
    for child in list(element):
        _prune(child)
        if _draws_nothing(child):
            element.remove(child)


def _draws_nothing(element: ElementTree.Element) -> bool:
    if element.tag == "path":
        return element.get("d") in (None, "", "M0,0h0v0h0Z") or element.get("display") == "none"
    return element.tag == "g" and not len(element) and not element.get("aria-label")


def _rounded(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _steps(outline: str) -> str:
    """Return an outline of straight lines by its steps from corner to corner: on a map half as long."""
    text = ""
    at = start = (0, 0)
    for command, x, y, closes in _CORNER.findall(outline):
        corner = (round(float(x) * 10), round(float(y) * 10))
        if command == "M":
            start = corner
            text += "m" + _step(at, corner).lstrip()
        elif corner != at:
            text += _step(at, corner)
        at = start if closes else corner
        text += closes.lower()
    return text


def _step(at: tuple[int, int], corner: tuple[int, int]) -> str:
    """Return the way between two corners in tenths of a pixel, with no more before or between than SVG asks for."""
    right, down = (f"{(to - by) / 10:.1f}".removesuffix(".0") for by, to in zip(at, corner, strict=True))
    right, down = (re.sub(r"^(-?)0\.", r"\1.", number) for number in (right, down))
    return ("" if right.startswith("-") else " ") + right + ("" if down.startswith("-") else ",") + down


def _hand_up(element: ElementTree.Element) -> None:
    """Give a group what all marks in it have alike, and take it from them."""
    for child in element:
        _hand_up(child)
    if element.tag not in ("g", "svg"):
        return
    texts = [child for child in element if any(True for _ in child.iter("text"))]
    for name in _HANDED_DOWN:
        marks = texts if name in _TEXT_ALONE else list(element)
        values = {mark.get(name) for mark in marks}
        if len(values) == 1 and None not in values:
            element.set(name, values.pop() or "")
            for mark in marks:
                del mark.attrib[name]
