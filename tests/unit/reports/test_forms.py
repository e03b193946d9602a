"""Every form can be had by its name, for every kind of report."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.reports import form, forms


def test_forms_are_found_by_listing() -> None:
    assert forms() == ["html", "json_form", "junit", "terminal"]


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize("kind", sorted(reports.every_kind()))
def test_every_form_renders_every_kind_the_same_each_time(name: str, kind: str) -> None:
    report = reports.every_kind()[kind]
    found = form(name)
    once = found.render(report)
    assert once.decode("utf-8").strip()
    assert found.render(report) == once
    assert found.SUFFIX.startswith(".")
    assert found.SUMMARY


def test_there_is_no_other_form() -> None:
    with pytest.raises(KeyError):
        form("support")
