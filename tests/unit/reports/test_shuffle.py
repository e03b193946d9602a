"""A run in another order: every form names the seed of the order, and its commands carry it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from tests.support import reports
from worksample.grading import codec
from worksample.reports import html, junit, terminal

SHUFFLED = replace(reports.drawn(), shuffle=3)


@pytest.mark.parametrize("full", [False, True])
def test_terminal_says_how_to_repeat_the_run(full: bool) -> None:
    buffer = io.StringIO()
    terminal.show(SHUFFLED, buffer, full=full, width=200)
    assert "`--seed 42 --shuffle 3` repeats the run." in buffer.getvalue()


def test_command_of_a_check_carries_the_order() -> None:
    buffer = io.StringIO()
    terminal.show(SHUFFLED, buffer, full=True, width=200)
    command = "worksample check --only favourites-of-two-both-count --seed 42 --shuffle 3"
    assert command in buffer.getvalue()
    assert command in html.render(SHUFFLED).decode()


def test_other_forms_record_the_seed() -> None:
    page = html.render(SHUFFLED).decode()
    assert "<dt>Shuffled with</dt><dd>3</dd>" in page
    assert "worksample check --seed 42 --shuffle 3</code>" in page
    assert '<property name="shuffle" value="3" />' in junit.render(SHUFFLED).decode()
    assert codec.decode(codec.encode(SHUFFLED)) == SHUFFLED


def test_usual_order_is_not_mentioned() -> None:
    page = html.render(reports.drawn()).decode()
    assert "huffle" not in page.split("</style>")[-1].split("<script")[0]
    assert "shuffle" not in junit.render(reports.drawn()).decode()
