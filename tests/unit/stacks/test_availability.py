"""What this machine lacks for the servers of a stack."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from worksample.errors import BuildFailed, CannotBuildHere
from worksample.stacks import availability
from worksample.stacks.availability import missing_language, why_not_here
from worksample.stacks.base import Tool

NO_COBOL = Tool("Cobol", "not found", found=False, remedy="install it", essential=True)


def lets_machine_have(monkeypatch: pytest.MonkeyPatch, *tools: Tool) -> None:
    found = [SimpleNamespace(tools=lambda: tools)]
    monkeypatch.setattr(availability, "own_and_others", lambda stack: (found, []))


def fails_with(monkeypatch: pytest.MonkeyPatch, error: BuildFailed) -> None:
    def detect(folder: Path) -> None:
        raise error

    lets_machine_have(monkeypatch)
    monkeypatch.setattr(availability, "detect", detect)


def reason(reasons: type[BuildFailed] = BuildFailed) -> str:
    return asyncio.run(why_not_here(Path("app"), "cobol-web", reasons=reasons))


def test_missing_language_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    lets_machine_have(monkeypatch, NO_COBOL)
    assert missing_language("cobol-web") == NO_COBOL
    assert reason() == "Cobol is missing"


@pytest.mark.parametrize(
    "tool", [Tool("Cobol", "85", essential=True), Tool("linter", "not found", found=False)]
)
def test_language_that_is_there_lacks_nothing(monkeypatch: pytest.MonkeyPatch, tool: Tool) -> None:
    lets_machine_have(monkeypatch, tool)
    assert missing_language("cobol-web") is None


def test_failed_download_is_told_with_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, CannotBuildHere("downloading failed", hint="check the network"))
    assert reason() == "downloading failed: check the network"
    assert reason(CannotBuildHere) == "downloading failed: check the network"


def test_broken_source_is_not_laid_to_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, BuildFailed("it does not compile"))
    with pytest.raises(BuildFailed, match="does not compile"):
        reason(CannotBuildHere)
