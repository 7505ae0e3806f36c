"""``docs/performance.md``: the tables that are written between its marker comments; all other words are a person's."""

import re
from collections.abc import Iterable, Iterator

from benchmarks.capacity import capacity
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Results, Scale, spread
from benchmarks.plot import drawn
from benchmarks.running import ROOT

PAGE, PLOT = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.svg"
_MARKERS = "<!-- written by make bench: {name} -->", "<!-- to here: {name} -->"


def write_page(results: Results) -> None:
    """Write the tables into the page and the plot beside it. Raises Wrong where the page has lost its markers."""
    text = PAGE.read_text("utf-8")
    blocks = {
        "figures": _figures(results.figures),
        "scale": _scale(results.scale),
        "capacity": capacity(results),
    }
    for name, lines in blocks.items():
        text = with_block(text, name, "\n".join(lines))
    PAGE.write_text(text, "utf-8")
    PLOT.write_text(drawn(results.figures), "utf-8")


def with_block(text: str, name: str, block: str) -> str:
    """Put a block between the two marker comments of its name."""
    start, end = (marker.format(name=name) for marker in _MARKERS)
    found = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not found.search(text):
        raise Wrong(f"{PAGE.name} has no place for the {name}: the comments {start} and {end} are missing")
    return found.sub(lambda _: f"{start}\n\n{block}\n\n{end}", text)


def _figures(figures: Iterable[Figure]) -> Iterator[str]:
    notes = _Notes()
    yield f"![Each row's median and range beside its goal]({PLOT.name})"
    yield ""
    yield "| # | what | page | goal | beyond | median | range | reached | what it took | records, rounds | where |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for figure in figures:
        goal, sign = figure.goal, "≥" if figure.goal.more_is_better else "≤"
        cells = (
            goal.row,
            goal.what,
            figure.page or "",
            f"{sign} {goal.goal:.2f}",
            f"{goal.beyond:.2f}",
            f"**{figure.median:.2f}**",
            spread(figure.ratios) if len(figure.ratios) > 1 else "",
            goal.reached(figure.median),
            figure.took,
            f"{figure.records:,}, {len(figure.ratios)}",
            notes.letter(figure.date, figure.surroundings),
        )
        yield f"| {' | '.join(map(str, cells))} |"
    yield from notes.lines()


def _scale(scale: Iterable[Scale]) -> Iterator[str]:
    scale, notes = tuple(scale), _Notes()
    if not scale:
        yield "Not measured yet."
        return
    names = sorted({name for each in scale for name in each.bytes_a_record})
    heads = ("what", "records", "seconds", "records/s", "µs a record", "peak MiB", *names, "together", "where")
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for each in scale:
        sizes = [f"{each.bytes_a_record.get(name, 0):,.0f}" for name in names]
        cells = (
            each.what,
            f"{each.records:,}",
            f"{each.seconds:,.0f}",
            f"{each.records / each.seconds:,.0f}",
            f"{each.seconds / each.records * 1e6:.0f}",
            f"{each.peak_mib:.0f}",
            *sizes,
            f"{sum(each.bytes_a_record.values()):,.0f}",
            notes.letter(each.date, each.surroundings),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "Sizes are bytes a record of a table with its indexes."
    yield from notes.lines()


class _Notes:
    """Letters for where and when was measured, and what they stand for."""

    def __init__(self) -> None:
        self._letters: dict[tuple[str, str], str] = {}

    def letter(self, date: str, surroundings: str) -> str:
        return self._letters.setdefault((date, surroundings), chr(ord("a") + len(self._letters)))

    def lines(self) -> Iterator[str]:
        for (date, surroundings), letter in self._letters.items():
            yield ""
            yield f"({letter}) {date}: {surroundings}."
