"""Put reports of other formats into the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.scenarios._harness.workdir import Workdir

REPORTS = {
    "20180101-000000-aaaa": '{"format": 1, "run"',
    "20190101-000000-aaaa": '{"format": 99, "verdict": "splendid"}',
    "20190101-000000-bbbb": "[]",
}


@contextmanager
def around(workdir: Workdir) -> Iterator[None]:
    """Add the reports; assert after the run that they are unchanged."""
    runs = workdir.workspace / ".worksample" / "runs"
    for name, text in REPORTS.items():
        (runs / name).mkdir(parents=True)
        (runs / name / "report.json").write_text(text)
    yield
    for name, text in REPORTS.items():
        assert (runs / name / "report.json").read_text() == text
