"""What `plan` does: read job ads, show the plan, write files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from worksample.cli._exit_codes import code_of_error
from worksample.errors import PostingError
from worksample.messages import message
from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.model import Posting
from worksample.postings.offers import Offer
from worksample.postings.parser import parse_posting
from worksample.postings.planner import Plan, plan, plan_for
from worksample.postings.sources import read_all

_MAX_PAGE_POSTINGS = 200


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The options of `worksample plan`."""

    together: bool
    stack: str
    hours: float
    save: bool
    form: str
    html: Path | None
    ics: Path | None
    begin: date | None
    per_week: float


def run(files: Sequence[str], options: PlanOptions) -> int:
    """Read `files`, show the plan and write the requested files; return the exit code.

    Raises `PostingError` for a single file that is not a job ad.
    """
    job = _Job(files, options)
    outputs: dict[str, Callable[[], None]] = {
        "json": job.as_json,
        "markdown": job.as_markdown,
        "terminal": job.on_terminal,
    }
    outputs[options.form]()
    job.write_files()
    return job.finish()


@dataclass
class _Job:
    files: Sequence[str]
    options: PlanOptions
    combined: AdStatistics = field(default_factory=AdStatistics)
    failed: list[str] = field(default_factory=list)
    read: int = 0
    first: Posting | None = None
    page_postings: list[Posting] = field(default_factory=list)

    def postings(self) -> Iterator[Posting]:
        """Yield every ad, parsed and counted; record files that are not ads and go on."""
        for source in read_all(self.files):
            if isinstance(source, PostingError):
                if len(self.files) == 1 and not self.read and "#" not in source.message:
                    raise source
                self.failed.append(f"{source.message} {source.hint}".strip())
                continue
            posting = parse_posting(source)
            self.read += 1
            self.first = self.first or posting
            self.combined.add(posting)
            if self.options.html and len(self.page_postings) < _MAX_PAGE_POSTINGS:
                self.page_postings.append(posting)
            yield posting

    @cached_property
    def offers(self) -> list[Offer]:
        """What the catalogue offers; loaded late, so that the first line appears early."""
        from worksample.cli._offers import all_offers

        return all_offers()

    def plan_of(self, posting: Posting) -> Plan:
        """Return the plan for one ad."""
        return plan_for(posting, self.offers, stack=self.options.stack, hours=self.options.hours)

    @cached_property
    def combined_plan(self) -> Plan:
        """The plan for all ads that were read."""
        if self.read == 1 and self.first is not None:
            return self.plan_of(self.first)
        return plan(
            self.combined.requirement_groups(),
            self.offers,
            stack=self.options.stack,
            hours=self.options.hours,
        )

    def as_json(self) -> None:
        """Print the JSON of docs/plan.md, piece by piece."""
        from worksample.postings.as_json import json_chunks

        out = sys.stdout.buffer
        for piece in json_chunks(self.postings(), self._json_end()):
            out.write(piece)
        out.flush()

    def _json_end(self) -> Iterator[dict[str, Any]]:
        from worksample.postings.as_json import plan_data, statistics_data

        yield {"plan": plan_data(self.combined_plan)}
        if self.read > 1 or self.options.together:
            yield {"together": statistics_data(self.combined)}
        if self.failed:
            yield {"failed": self.failed}

    def as_markdown(self) -> None:
        """Print the plan as a checklist."""
        from worksample.postings.forms.markdown import render

        self._read_all()
        click.echo(render(self.first if self.read == 1 else None, self.combined_plan), nl=False)

    def on_terminal(self) -> None:
        """Show each ad and its plan, or the requirements of all ads together."""
        from worksample.postings.forms.terminal import Terminal

        terminal = Terminal()
        if self.options.together:
            self._read_all()
            terminal.statistics(self.combined)
            terminal.plan(self.combined_plan)
            return
        stream = self.postings()
        start = list(islice(stream, 2))
        for posting in chain(start, stream):
            terminal.header(posting)
            if len(start) < 2:
                terminal.ad(posting)
                terminal.requirements(posting)
            else:
                terminal.brief(posting)
            terminal.plan(self.plan_of(posting))
            terminal.console.print()

    def _read_all(self) -> None:
        for _ in self.postings():
            pass

    def write_files(self) -> None:
        """Write the files that the options request."""
        if not self.read:
            return
        if self.options.html:
            self._write(self.options.html, self._page())
        if self.options.ics:
            from worksample.postings.forms.ical import render

            begin = self.options.begin or date.today()  # noqa: DTZ011 - the learner's own day
            self._write(
                self.options.ics,
                render(self.combined_plan, begin=begin, hours_a_week=self.options.per_week),
            )
        if self.options.save:
            self._save()

    def _page(self) -> str:
        from worksample.postings.forms.html import render

        together = (self.combined, self.combined_plan) if self.options.together else None
        return render(
            [(posting, self.plan_of(posting)) for posting in self.page_postings], together
        )

    def _write(self, path: Path, text: str) -> None:
        from worksample.cli._saved_runs import write

        write(text.encode("utf-8"), path)
        click.echo(message("Wrote {path}", path=path), err=True)

    def _save(self) -> None:
        from worksample.postings.as_json import plan_data
        from worksample.postings.saved import save

        title = (
            self.first.title
            if self.read == 1 and self.first
            else message("{count} ads", count=self.read)
        )
        path = save(Path.cwd(), title, plan_data(self.combined_plan))
        click.echo(
            message("Saved {path}. `worksample status` shows your progress.", path=path), err=True
        )

    def finish(self) -> int:
        """Print which files could not be read; return the exit code."""
        if not self.failed:
            return 0
        from worksample.postings.forms.terminal import Terminal, summary

        summary(self.read, self.failed, Terminal(sys.stderr))
        return code_of_error(PostingError)
