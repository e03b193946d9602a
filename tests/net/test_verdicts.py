"""The scenarios' verdicts are those that were saved, whatever their sentences say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.net.verdicts import HERE, differences, main, matrix_table, scenario_table


def test_scenarios_have_saved_verdicts() -> None:
    saved = json.loads((HERE / "scenarios.json").read_text(encoding="utf-8"))
    assert differences(saved, scenario_table()) == []


@pytest.mark.parametrize("sampled", [False, True])
def test_reports_changed_verdict(sampled: bool) -> None:
    lines = differences({"a": ["x"]}, {"a": []}, sampled=sampled)
    assert lines == ["a: gone x"]


def test_reports_missing_entry_unless_sampled() -> None:
    assert differences({"a": []}, {}) == ["a: was [], is absent"]
    assert differences({"a": []}, {}, sampled=True) == []


def test_reads_kill_matrix(tmp_path: Path) -> None:
    file = tmp_path / "matrix.json"
    mutant = {"stack": "s", "mutant": "m", "killers": ["b", "a"], "missed": []}
    reference = {"stack": "s", "mutant": None, "killers": [], "missed": ["c"]}
    trials = [mutant, reference]
    file.write_text(json.dumps({"checks": ["b", "a"], "unproven": [], "trials": trials}))
    assert matrix_table(file) == {
        "checks": ["a", "b"],
        "unproven": [],
        "s/m": ["a", "b"],
        "s/reference": ["c"],
    }


def test_exits_with_0_when_nothing_differs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    assert "entries as saved" in capsys.readouterr().out
