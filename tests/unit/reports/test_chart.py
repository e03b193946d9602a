"""A growth as a chart: positions inside the picture, without overlaps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.support import reports
from worksample.reports.page.chart import HEIGHT, WIDTH, chart_of


def test_points_lie_on_linear_axes() -> None:
    chart = chart_of(reports.growth())
    assert [tick.label for tick in chart.ticks] == ["0", "20", "40", "60"]
    (x1, y1), (x4, y4), (x16, y16) = chart.lines[0].points
    assert (x16 - x1) / (x4 - x1) == pytest.approx(5)
    assert (y1 - y16) / (y1 - y4) == pytest.approx(5)


@pytest.mark.parametrize("highest", [0.0, 0.003, 1.0, 7.0, 99.0, 12345.6, 9e12])
def test_axis_covers_highest_value_with_few_ticks(highest: float) -> None:
    chart = chart_of(reports.growth(lines=(("one", (0.0, highest / 2, highest)),)))
    assert 2 <= len(chart.ticks) <= 6
    assert all(0 <= y <= HEIGHT for _, y in chart.lines[0].points)
    assert chart.ticks[-1].position <= chart.lines[0].points[-1][1]


def test_series_names_do_not_overlap_and_stay_inside() -> None:
    same = tuple((f"line {n}", (1.0, 1.0, 1.0)) for n in range(9))
    chart = chart_of(reports.growth(lines=same))
    heights = sorted(line.name_y for line in chart.lines)
    assert all(after - before >= 29 for before, after in pairwise(heights))
    assert 10 <= heights[0] <= heights[-1] <= HEIGHT - 13
    assert len(chart.lines) < len(chart.rows) == 9


def test_axis_labels_do_not_overlap() -> None:
    growth = reports.growth(sizes=(100.0, 101.0, 10000.0))
    assert [tick.label for tick in chart_of(growth).marks] == ["101", "10,000"]
    assert chart_of(growth).sizes.values == ("100", "101", "10,000")


def test_empty_growth_draws_nothing() -> None:
    chart = chart_of(reports.growth(sizes=(), lines=(("one", ()),)))
    assert chart.lines[0].path == ""
    assert chart_of(reports.growth(lines=())).lines == ()
    assert chart.right < WIDTH
