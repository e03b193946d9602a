"""Measure the check of bad servers against that of the reference, in the same run.

    python bench/realism.py [--only slow|broken] [--without CAUSE]... [--seed 7] [--json FILE]
                            [--keep DIR]
    python bench/realism.py --reports DIR       # judge the reports that a run has kept in DIR
    python bench/realism.py --prove [CAUSE ...]

Three servers are made of one reference solution of conduit: the reference; a slow one, in which
every request takes 45 ms more and a password hash about 0.6 s of CPU (as bcrypt of cost 13 does),
and which is otherwise right; and a broken one, with all causes of realism/causes.toml planted.
`worksample check` judges each, one after the other. Printed, and saved as JSON:

- seconds of the check without build and start, and relative to the reference in this run, which
  is judged before and after the others, for the mean of both;
- how many checks failed, were blocked or undecided, and how many were asked, that is, have a
  verdict of their own (pass or fail);
- the issues of the report, and which planted causes they tell (the rule is in telling.py);
- the bytes of the report as JSON and as HTML; the checks that took longest.

The exit code is 1 if a check took more than 2.5 times that of the reference, if fewer than 38 of
40 causes are told under their right name, if an issue is invented, if fewer than 300 checks were
asked (a run that asks little is fast), or if a check is undecided; what was missed is listed.

`--prove` plants each cause alone and shows that its checks fail, and that causes hide others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

from causes import CHALLENGE, SLOW, Cause, apply, copy_reference, read_causes
from proving import prove
from telling import Account, compare, failing, name_of
from watching import worksample

from worksample.catalogue import Challenge, load
from worksample.grading import Report, codec
from worksample.grading.priority import Issue, issues_of

SERVERS = REFERENCE, SLOW_SERVER, BROKEN = "reference", "slow", "broken"
#: The reference is judged first and last: what one run takes varies by a tenth on a shared machine.
AGAIN = "reference-again"
REFERENCES = REFERENCE, AGAIN
MOST_TIMES_SLOWER = 2.5
SHARE_TOLD = 38 / 40
LEAST_ASKED = 300
LONGEST = 25
JUDGED = (0, 1, 4)
HEAD = "server", "seconds", "times", "failed", "blocked", "undecided", "asked", "issues", "JSON"


@dataclass(frozen=True, slots=True)
class Judged:
    """One server and its report; `html` and `json` are sizes in bytes."""

    server: str
    report: Report
    json: int
    html: int
    planted: Sequence[Cause] = field(default=())

    @property
    def seconds(self) -> float:
        """The seconds of the run without building and starting the server."""
        timings = self.report.timings
        return self.report.seconds - sum(
            timings.get(name, 0.0) for name in ("building", "starting")
        )

    @property
    def issues(self) -> list[Issue]:
        """What the report tells as one cause each."""
        return issues_of(self.report.results)

    @property
    def account(self) -> Account:
        """How the issues and the planted causes correspond."""
        return compare(self.issues, self.planted)

    def count(self, *verdicts: str) -> int:
        """Return how many checks have one of the verdicts."""
        return sum(len(failing(self.report.results, verdict)) for verdict in verdicts)


class Bench:
    """Makes the servers and judges each; `kept` is where the reports are."""

    def __init__(self, challenge: Challenge, causes: Sequence[Cause], kept: Path, seed: int):
        self._challenge = challenge
        self._causes = causes
        self._kept = kept
        self._seed = seed

    def run(self, place: Path, names: Sequence[str]) -> None:
        """Make and judge the servers with these names, in folders below `place`."""
        self._kept.mkdir(parents=True, exist_ok=True)
        for name in names:
            folder = copy_reference(self._challenge, place / name)
            if name == SLOW_SERVER:
                apply(SLOW, folder)
            for cause in self._planted(name):
                cause.plant(folder)
            self._judge(name, folder)

    def _planted(self, name: str) -> Sequence[Cause]:
        return self._causes if name == BROKEN else ()

    def _judge(self, name: str, folder: Path) -> None:
        """Run `worksample check` on a server; raise `SystemExit` if it does not judge it."""
        run = worksample(
            *("check", str(folder), "--challenge", CHALLENGE, "--spec", "brief"),
            *("--seed", str(self._seed), "--json", "--html", str(self._kept / f"{name}.html")),
        )
        if run.exit_code not in JUDGED:
            output = "\n".join(line for _, line in run.lines)
            raise SystemExit(
                f"the check of the {name} server ended with {run.exit_code}:\n{output}"
            )
        (self._kept / f"{name}.json").write_bytes(run.output)

    def judged(self) -> list[Judged]:
        """Return what the kept reports say, those on the reference first."""
        names = dict.fromkeys((*REFERENCES, *SERVERS))
        found = [name for name in names if (self._kept / f"{name}.json").exists()]
        return [self._read(name) for name in found]

    def _read(self, name: str) -> Judged:
        path = self._kept / f"{name}.json"
        page = path.with_suffix(".html")
        sizes = path.stat().st_size, page.stat().st_size
        return Judged(name, codec.read(path), *sizes, self._planted(name))


def seconds_of_reference(judged: Sequence[Judged]) -> float:
    """Return how long the check of the reference took, on average."""
    return mean(each.seconds for each in judged if each.server in REFERENCES)


def bad_servers(judged: Sequence[Judged]) -> list[Judged]:
    """Return those that are no reference."""
    return [each for each in judged if each.server not in REFERENCES]


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of the table in Markdown."""
    reference = seconds_of_reference(judged)
    yield f"| {' | '.join((*HEAD, 'HTML'))} |"
    yield "| --- |" + " ---: |" * len(HEAD)
    for each in judged:
        times = each.seconds / reference
        numbers = [each.count(name) for name in ("fail", "blocked", "undecided")]
        cells = [f"{each.seconds:.0f}", f"{times:.1f}", *map(str, numbers)]
        cells += [str(each.count("pass", "fail")), str(len(each.issues))]
        cells += [f"{size / 1e6:.1f} MB" for size in (each.json, each.html)]
        yield f"| {each.server} | {' | '.join(cells)} |"


def told(each: Judged) -> Iterator[str]:
    """Yield what the report tells, misses, repeats and invents, a line each."""
    account = each.account
    for cause, issue in account.told:
        yield f"told: {cause.id}, as: {name_of(issue)}"
    for cause in account.missed:
        yield f"missed: {cause.id}: {cause.wrong}"
    for issue in account.repeated:
        yield f"repeated: {name_of(issue)}"
    for issue in account.invented:
        yield f"invented: {name_of(issue)}"


def longest(each: Judged) -> Iterator[str]:
    """Yield the checks that took longest."""
    by_time = sorted(each.report.results, key=lambda result: -result.seconds)
    for result in by_time[:LONGEST]:
        yield f"{result.seconds:7.1f} s  {result.verdict.value:9}  {result.check.id}"


def below_floor(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield a sentence for each promise that does not hold."""
    reference = seconds_of_reference(judged)
    for each in bad_servers(judged):
        times = each.seconds / reference
        if times > MOST_TIMES_SLOWER:
            yield f"{each.server}: {times:.1f} times the reference, at most {MOST_TIMES_SLOWER}"
        account, planted = each.account, len(each.planted)
        if len(account.told) < SHARE_TOLD * planted:
            yield f"{each.server}: {len(account.told)} of {planted} causes told"
        if account.invented:
            yield f"{each.server}: {len(account.invented)} issues invented"
        if (asked := each.count("pass", "fail")) < LEAST_ASKED:
            yield f"{each.server}: {asked} checks asked, at least {LEAST_ASKED}"
        if undecided := each.count("undecided", "error"):
            yield f"{each.server}: {undecided} checks undecided or with an internal error"


def as_data(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return everything that was measured as plain data."""
    reference = seconds_of_reference(judged)
    return [
        {
            "server": each.server,
            "seconds": round(each.seconds, 1),
            "times": round(each.seconds / reference, 2),
            "timings": {name: round(value, 2) for name, value in each.report.timings.items()},
            "verdicts": {
                name: each.count(name) for name in ("pass", "fail", "blocked", "undecided", "error")
            },
            "requests": each.report.requests,
            "issues": len(each.issues),
            "bytes": {"json": each.json, "html": each.html},
            "told": {cause.id: name_of(issue) for cause, issue in each.account.told},
            "missed": [cause.id for cause in each.account.missed],
            "repeated": [name_of(issue) for issue in each.account.repeated],
            "invented": [name_of(issue) for issue in each.account.invented],
            "checks": {
                result.check.id: [result.verdict.value, round(result.seconds, 2), result.blocked_by]
                for result in each.report.results
            },
        }
        for each in judged
    ]


def arguments() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default="", choices=(SLOW_SERVER, BROKEN))
    parser.add_argument("--without", action="append", default=[], metavar="CAUSE")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--reports", type=Path, metavar="DIR")
    parser.add_argument("--prove", nargs="*", metavar="CAUSE")
    options = parser.parse_args()
    known = {cause.id for cause in read_causes()}
    if unknown := {*options.without, *(options.prove or ())} - known:
        parser.error(f"no such cause: {', '.join(sorted(unknown))}")
    return options


def measure(options: argparse.Namespace) -> list[Judged]:
    """Make and judge the servers, unless reports of an earlier run are given."""
    causes = [cause for cause in read_causes() if cause.id not in options.without]
    challenge = load(CHALLENGE)
    with tempfile.TemporaryDirectory(prefix="worksample-realism-") as name:
        place = Path(name)
        kept = options.reports or options.keep or place / "reports"
        bench = Bench(challenge, causes, kept, options.seed)
        if not options.reports:
            bad = (options.only,) if options.only else (SLOW_SERVER, BROKEN)
            bench.run(place, (REFERENCE, *bad, AGAIN))
        return bench.judged()


def show(judged: Sequence[Judged], saved: Path | None) -> list[str]:
    """Print and save what was measured; return what is below the floor."""
    print("\n".join(table(judged)))
    for each in bad_servers(judged):
        print(f"\n## {each.server}\n", *told(each), "", *longest(each), sep="\n")
    if saved:
        saved.parent.mkdir(parents=True, exist_ok=True)
        saved.write_text(json.dumps(as_data(judged), indent=2, ensure_ascii=False) + "\n")
    return list(below_floor(judged))


def main() -> None:
    """Measure or prove; exit with 1 if a promise does not hold."""
    options = arguments()
    if options.prove is None:
        faults = show(measure(options), options.json)
    else:
        faults = asyncio.run(
            prove(load(CHALLENGE), read_causes(), options.prove, options.seed, print)
        )
    if faults:
        raise SystemExit("\n".join(["", *faults]))


if __name__ == "__main__":
    main()
