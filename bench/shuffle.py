"""Show which verdicts depend on the order in which the checks are asked.

    python bench/shuffle.py [--shuffle 1 2 3] [--seed 7] [--only X,...] [--without CAUSE]...
                            [--server broken|storing|DIR] [--spec brief] [--json FILE]
                            [--keep DIR]
    python bench/shuffle.py --reports DIR       # compare the reports that a run has kept in DIR

`worksample check` judges one server of conduit several times, on a new database each time, with
the same random values: twice in the usual order, then with each seed of `--shuffle`. The server is
the broken one of realism.py, with all causes of realism/causes.toml planted but those `--without`;
one that stores blank texts and gives titles without letters an empty slug (realism/storing.patch);
or the one in a folder. `--only behaviour,contract,security` leaves out what runs on copies of the
server, whose order is always the same.

Printed, and saved as JSON: the verdicts of each run, and each check whose verdict is not the same
in all of them, with the first finding of each run. Where the two runs in the usual order differ,
the server or the machine is not the same twice, whatever the order: such checks are listed apart.

The exit code is 1 if a verdict differs by the order only.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from causes import CHALLENGE, STORING, apply, copy_reference, read_causes
from watching import worksample

from worksample.catalogue import load
from worksample.checks import CheckResult, Verdict
from worksample.grading import Report, codec

BROKEN = "broken"
SERVERS = (BROKEN, "storing")
USUAL = ("usual", "usual-again")
JUDGED = (0, 1, 4)


@dataclass(frozen=True, slots=True)
class Differing:
    """A check whose verdict is not the same in all runs; its results by the name of the run.

    `by_chance` says that runs in the same order differ too.
    """

    check: str
    results: dict[str, CheckResult]

    @property
    def by_chance(self) -> bool:
        """Whether the two runs in the usual order differ."""
        return len({self.results[name].verdict for name in USUAL}) > 1

    @property
    def lines(self) -> Iterator[str]:
        """The check, and what each run found."""
        yield self.check
        for name, result in self.results.items():
            yield f"  {name:12} {result.verdict.value:9} {_why(result)}".rstrip()


def _why(result: CheckResult) -> str:
    if result.verdict is Verdict.BLOCKED:
        return f"by {result.blocked_by}" if result.blocked_by else result.reason
    first = next(iter(result.findings), None)
    return f"{first.expected} / {first.actual}"[:200] if first else result.reason


def make_server(name: str, without: Sequence[str], to: Path) -> Path:
    """Make the server `name` in `to`, the broken one without these causes; return its folder."""
    if name not in SERVERS:
        return Path(name)
    folder = copy_reference(load(CHALLENGE), to)
    broken = [cause.patch for cause in read_causes() if cause.id not in without]
    for patch in broken if name == BROKEN else [STORING]:
        apply(patch, folder)
    return folder


def judge(server: Path, options: argparse.Namespace, kept: Path) -> None:
    """Judge `server` in every order, and keep the reports."""
    orders = dict.fromkeys(USUAL, ()) | {
        f"shuffle-{seed}": ("--shuffle", str(seed)) for seed in options.shuffle
    }
    kept.mkdir(parents=True, exist_ok=True)
    selected = ("--only", options.only) if options.only else ()
    for name, order in orders.items():
        run = worksample(
            *("check", str(server), "--challenge", CHALLENGE, "--seed", str(options.seed)),
            *("--spec", options.spec, *selected, *order, "--json", "--no-html"),
        )
        if run.exit_code not in JUDGED:
            output = "\n".join(line for _, line in run.lines)
            raise SystemExit(f"the run {name} ended with {run.exit_code}:\n{output}")
        (kept / f"{name}.json").write_bytes(run.output)


def read_reports(kept: Path) -> dict[str, Report]:
    """Return the kept reports by the name of the run, those in the usual order first."""
    names = sorted(
        (path.stem for path in kept.glob("*.json")), key=lambda name: (name[0] != "u", name)
    )
    return {name: codec.read(kept / f"{name}.json") for name in names}


def differing(reports: dict[str, Report]) -> list[Differing]:
    """Return the checks whose verdict is not the same in all runs."""
    by_check: dict[str, dict[str, CheckResult]] = {}
    for name, report in reports.items():
        for result in report.results:
            by_check.setdefault(result.check.id, {})[name] = result
    return [
        Differing(check, results)
        for check, results in sorted(by_check.items())
        if len({result.verdict for result in results.values()}) > 1
    ]


def table(reports: dict[str, Report]) -> Iterator[str]:
    """Yield the verdicts of each run as a table in Markdown."""
    yield "| run | seconds | pass | fail | blocked | undecided | error | other than usual |"
    yield "| --- |" + " ---: |" * 7
    usual = _verdicts(reports[USUAL[0]])
    for name, report in reports.items():
        now = _verdicts(report)
        counts = Counter(now.values())
        cells = [str(counts[verdict]) for verdict in Verdict]
        other = sum(now.get(check) is not usual.get(check) for check in now | usual)
        cells = [f"{report.timings['asking']:.0f}", *cells, str(other)]
        yield f"| {name} | {' | '.join(cells)} |"


def _verdicts(report: Report) -> dict[str, Verdict]:
    return {result.check.id: result.verdict for result in report.results}


def as_data(reports: dict[str, Report], found: Sequence[Differing]) -> dict[str, Any]:
    """Return everything that was measured as plain data."""
    runs = {
        name: dict(Counter(verdict.value for verdict in _verdicts(report).values()))
        for name, report in reports.items()
    }
    checks = {
        each.check: {
            "by chance": each.by_chance,
            "verdicts": {name: result.verdict.value for name, result in each.results.items()},
        }
        for each in found
    }
    return {"runs": runs, "differing": checks}


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--shuffle", type=int, nargs="+", default=[1, 2, 3], metavar="SEED")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", metavar="X,...")
    parser.add_argument("--without", action="append", default=[], metavar="CAUSE")
    parser.add_argument("--server", default=BROKEN, metavar="broken|storing|DIR")
    parser.add_argument("--spec", default="brief")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--reports", type=Path, metavar="DIR")
    options = parser.parse_args()
    known = {cause.id for cause in read_causes()}
    if unknown := {*options.without} - known:
        parser.error(f"no such cause: {', '.join(sorted(unknown))}")
    return options


def measure(options: argparse.Namespace) -> dict[str, Report]:
    """Judge the server, unless reports of an earlier run are given; return the reports."""
    if options.reports:
        return read_reports(options.reports)
    with tempfile.TemporaryDirectory(prefix="worksample-shuffle-") as name:
        place = Path(name)
        kept = options.keep or place / "reports"
        server = make_server(options.server, options.without, place / "server")
        judge(server, options, kept)
        return read_reports(kept)


def main() -> None:
    """Measure; exit with 1 if a verdict depends on the order."""
    options = arguments()
    reports = measure(options)
    found = differing(reports)
    print("\n".join(table(reports)))
    for title, chance in (("By the order", False), ("Also in the same order", True)):
        chosen = [each for each in found if each.by_chance is chance]
        print(
            f"\n## {title}: {len(chosen)}\n",
            *(line for each in chosen for line in each.lines),
            sep="\n",
        )
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        data = as_data(reports, found)
        options.json.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    if any(not each.by_chance for each in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
