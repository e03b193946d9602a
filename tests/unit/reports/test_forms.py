"""Every form is found by its name and renders every kind of report."""

from __future__ import annotations

import pytest

from tests.support import reports
from worksample.reports import form, forms


def test_lists_all_forms() -> None:
    assert forms() == ["codequality", "html", "json", "junit", "sarif", "terminal"]


@pytest.mark.parametrize("name", forms())
@pytest.mark.parametrize("kind", sorted(reports.every_kind()))
def test_rendering_is_deterministic(name: str, kind: str) -> None:
    report = reports.every_kind()[kind]
    found = form(name)
    once = found.render(report)
    assert once.decode("utf-8").strip()
    assert found.render(report) == once
    assert found.SUFFIX.startswith(".")
    assert found.SUMMARY
    assert found.TITLE


def test_unknown_form_raises_key_error() -> None:
    with pytest.raises(KeyError):
        form("support")
