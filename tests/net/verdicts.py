"""Compare verdicts with those that were saved before a refactoring.

    python -m tests.net.verdicts scenarios                   # compare every expected report
    python -m tests.net.verdicts matrix conduit CALIBRATED   # compare what `calibrate --out` wrote
    python -m tests.net.verdicts --save scenarios            # accept a deliberate change

Saved are, for each scenario, its exit code, its verdict and the verdict of each check; for each
challenge, the checks that killed each mutant and those that a reference did not pass. Sentences
are left out: they may change, verdicts may not. Exits with 1 and a line a difference.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCENARIOS = HERE.parent / "scenarios"
Table = dict[str, Any]


def scenario_table() -> Table:
    """Return scenario (`folder:variant`) -> exit codes, verdict, verdict by check."""
    found: Table = {}
    for path in sorted(SCENARIOS.glob("*/expected*.json")):
        variant = path.name.removeprefix("expected").removesuffix("json").strip(".")
        name = ":".join(filter(None, (path.parent.name, variant)))
        found[name] = _verdicts(json.loads(path.read_text(encoding="utf-8")))
    return found


def _verdicts(expected: Table) -> Any:
    if "differing runs" in expected:
        return [_verdicts(run) for run in expected["differing runs"]]
    kept = {key: expected[key] for key in ("exit", "verdict") if key in expected}
    checks = {check: said.split(":")[0] for check, said in expected.get("checks", {}).items()}
    return kept | ({"checks": checks} if checks else {})


def matrix_table(matrix: Path) -> Table:
    """Return `stack/mutant` -> killers, `stack/reference` -> checks that did not pass.

    `matrix` is a file that `worksample calibrate --out` has written.
    """
    data = json.loads(matrix.read_bytes())
    found: Table = {"checks": sorted(data["checks"]), "unproven": sorted(data["unproven"])}
    for trial in data["trials"]:
        name = f"{trial['stack']}/{trial['mutant'] or 'reference'}"
        found[name] = sorted(trial["killers"] if trial["mutant"] else trial["missed"])
    return found


def differences(saved: Table, now: Table, *, sampled: bool = False) -> list[str]:
    """Return a line for each entry that differs; `sampled` ignores those absent from `now`."""
    names = sorted(now if sampled else saved.keys() | now.keys())
    return [
        f"{name}: {_change(saved.get(name, 'absent'), now.get(name, 'absent'))}"
        for name in names
        if saved.get(name) != now.get(name)
    ]


def _change(was: Any, now: Any) -> str:
    """Return what is new and what is gone in a list, or else both values."""
    if not (isinstance(was, list) and isinstance(now, list)):
        return f"was {was}, is {now}"
    gone, new = sorted(set(was) - set(now)), sorted(set(now) - set(was))
    words = ("gone " + ", ".join(gone), "new " + ", ".join(new))
    return "; ".join(word for word, names in zip(words, (gone, new), strict=True) if names)


def _write(path: Path, table: Table) -> None:
    lines = (f"{json.dumps(key)}: {json.dumps(table[key])}" for key in sorted(table))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main(words: Iterable[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Compare verdicts with the saved ones.")
    parser.add_argument("--save", action="store_true", help="save instead of comparing")
    parser.add_argument("--sampled", action="store_true", help="the matrix holds a sample")
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("scenarios")
    matrix = what.add_parser("matrix")
    matrix.add_argument("challenge")
    matrix.add_argument("file", type=Path)
    asked = parser.parse_args(None if words is None else list(words))
    if asked.what == "scenarios":
        path, now = HERE / "scenarios.json", scenario_table()
    else:
        path, now = HERE / f"matrix.{asked.challenge}.json", matrix_table(asked.file)
    if asked.save:
        _write(path, now)
        return 0
    saved: Table = json.loads(path.read_text(encoding="utf-8"))
    if asked.sampled:
        now.pop("unproven", None)
    different = differences(saved, now, sampled=asked.sampled)
    print("\n".join(different) or f"{len(now)} entries as saved")  # noqa: T201
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
