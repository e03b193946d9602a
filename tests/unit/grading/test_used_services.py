"""How often a submission is looked through for drivers of databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.catalogue import load
from worksample.grading import RunRequest, run_request
from worksample.services.detection import UsedService
from worksample.stacks import Settings


@pytest.mark.parametrize(
    ("settings", "times"),
    [(Settings(), 1), (Settings(services={"database": "mysql", "optional": ()}), 0)],
)
def test_drivers_are_looked_for_once_and_only_for_an_open_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, times: int
) -> None:
    asked: list[Path] = []

    def used_services(folder: Path) -> list[UsedService]:
        asked.append(folder)
        return [UsedService("mysql", "mysql2", "package.json")]

    monkeypatch.setattr(run_request, "used_services", used_services)
    request = RunRequest(load("conduit"), tmp_path, settings)
    for _ in range(3):
        assert request.services == ("mysql",)
        assert bool(request.used_services) == bool(times)
    assert asked == [tmp_path] * times
