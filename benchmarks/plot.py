"""The figures as a plot: each line's ratio beside its goal, drawn as SVG that is readable in light and in dark."""

import math
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from benchmarks.figures import Figure

_WIDTH, _LINE, _TOP, _BOTTOM, _LABELS, _RIGHT = 960, 20, 46, 34, 520, 70
"""Pixels: the whole, a line, what is above and below the lines, left and right of them."""
_LEAST, _MOST = 0.25, 4.0
"""Of the goal; what lies further out is drawn at the edge."""
_LONGEST = 62
"""Characters of a label."""
_TICKS = (0.25, 0.5, 1.0, 2.0, 4.0)
_STYLE = """
.paper { fill: #ffffff }
text { font: 12px sans-serif; fill: #24292f } .small { fill: #57606a } .line { stroke: #d0d7de }
.goal { stroke: #24292f; stroke-width: 1.5 } .range { stroke-width: 3; stroke-linecap: round } .beyond { fill: none }
.yes { fill: #1a7f37; stroke: #1a7f37 } .no { fill: #cf222e; stroke: #cf222e } .beyond { stroke: #57606a }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117 }
text { fill: #e6edf3 } .small { fill: #9198a1 } .line { stroke: #3d444d } .goal { stroke: #e6edf3 }
.yes { fill: #3fb950; stroke: #3fb950 } .no { fill: #f85149; stroke: #f85149 } .beyond { stroke: #9198a1 } }
"""


def drawn(figures: Sequence[Figure]) -> str:
    """Draw all figures; left of the line in the middle a goal is reached."""
    height = _TOP + _LINE * len(figures) + _BOTTOM
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH} {height}", role="img")
    ET.SubElement(svg, "title").text = "Each row's median and range beside its goal"
    ET.SubElement(svg, "style").text = _STYLE
    ET.SubElement(svg, "rect", {"class": "paper", "width": str(_WIDTH), "height": str(height)})
    _write(svg, _LABELS, 18, "times the goal: left of 1 it is reached; ring: what would be beyond it", kind="small")
    for tick in _TICKS:
        _line(svg, (_x(tick), _TOP - 6), (_x(tick), height - _BOTTOM), "goal" if tick == 1 else "line")
        _write(svg, _x(tick), height - _BOTTOM + 18, f"{tick:g}", kind="small", anchor="middle")
    number = 0
    for row, group in groupby(figures, key=lambda figure: figure.goal.row):
        for position, figure in enumerate(group):
            _draw(svg, figure, _TOP + _LINE * number + _LINE / 2, f"{row}" if position == 0 else "")
            number += 1
    ET.indent(svg, " ")
    return ET.tostring(svg, encoding="unicode") + "\n"


def _draw(svg: ET.Element, figure: Figure, y: float, row: str) -> None:
    goal, kind = figure.goal, "no" if figure.goal.reached(figure.median) == "no" else "yes"
    page = f", page {figure.page}" if figure.page else ""
    _write(svg, 18, y + 4, row, kind="small", anchor="end")
    _write(svg, 28, y + 4, f"{_short(goal.what)}{page}")
    low, high = (_x(_of_goal(figure, ratio)) for ratio in (min(figure.ratios), max(figure.ratios)))
    _line(svg, (low, y), (high, y), f"range {kind}")
    for value, size, shape in ((goal.beyond, 4, "beyond"), (figure.median, 5, kind)):
        circle = {"cx": f"{_x(_of_goal(figure, value)):.1f}", "cy": f"{y:.1f}", "r": str(size), "class": shape}
        ET.SubElement(svg, "circle", circle)
    _write(svg, _WIDTH - _RIGHT + 20, y + 4, f"{figure.median:.2f}")


def _of_goal(figure: Figure, ratio: float) -> float:
    """Give how many times the goal a ratio is, so that less is better."""
    return figure.goal.goal / ratio if figure.goal.more_is_better else ratio / figure.goal.goal


def _x(times: float) -> float:
    share = math.log(min(max(times, _LEAST), _MOST) / _LEAST) / math.log(_MOST / _LEAST)
    return _LABELS + share * (_WIDTH - _LABELS - _RIGHT)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]} …"


def _line(svg: ET.Element, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
    (x1, y1), (x2, y2) = start, end
    places = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    ET.SubElement(svg, "line", {name: f"{place:.1f}" for name, place in places.items()} | {"class": kind})


def _write(svg: ET.Element, x: float, y: float, text: str, *, kind: str = "", anchor: str = "start") -> None:
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor} | ({"class": kind} if kind else {})
    ET.SubElement(svg, "text", attributes).text = text
