"""Print an ad and its plan to a terminal, or as plain text if the output is piped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worksample.messages import message, plural
from worksample.postings.ad_statistics import AdStatistics
from worksample.postings.forms.highlights import highlighted_pieces, replace_control_chars
from worksample.postings.forms.lines import Line, display_lines
from worksample.postings.forms.wording import (
    LEVEL_LABELS,
    choice_name,
    describe_proofs,
    describe_touched_skills,
    facts,
    requirements_by_level,
    unsure,
)
from worksample.postings.model import Level, Posting, Requirement
from worksample.postings.planner import Plan, Step
from worksample.skills import load

STYLES: dict[Level, str] = {"required": "bold green", "optional": "cyan", "used": "magenta"}
_PLAIN_MARKS: dict[Level, tuple[str, str]] = {
    "required": ("[[", "]]"),
    "optional": ("[", "]"),
    "used": ("{", "}"),
}
_BAR_WIDTH = 24
_MAX_ROWS = 40


class Terminal:
    """Writes to a console, in colour if it is a terminal and NO_COLOR is not set."""

    def __init__(self, file: TextIO | None = None, width: int | None = None) -> None:
        self.console = Console(file=file, width=width, highlight=False, soft_wrap=False)
        self.colours = self.console.is_terminal and not self.console.no_color

    def heading(self, text: str) -> None:
        """Print a heading."""
        self.console.print()
        self.console.print(Text(text, style="bold underline" if self.colours else ""))

    def ad(self, posting: Posting) -> None:
        """Print the ad with its requirements highlighted, and a legend."""
        self.console.print()
        for line in display_lines(highlighted_pieces(posting)):
            self._line(line)
        self.console.print()
        self.console.print(self._legend())

    def _line(self, line: Line) -> None:
        text = Text(style="bold" if line.kind == "heading" and self.colours else "")
        for piece in line.pieces:
            if piece.requirement is not None:
                self._mark(text, piece.text, piece.requirement)
            else:
                text.append(piece.text, style="bold yellow" if piece.fact and self.colours else "")
        is_item = line.kind == "item"
        indent = (0, 2, 0, 4 if is_item else 2)
        self.console.print(Padding(Text("• ") + text if is_item else text, indent))

    def _mark(self, marked: Text, words: str, requirement: Requirement) -> None:
        if self.colours:
            style = "dim underline" if requirement.unsure else STYLES[requirement.level]
            marked.append(words, style=style)
            return
        opening, closing = ("?", "?") if requirement.unsure else _PLAIN_MARKS[requirement.level]
        marked.append(f"{opening}{words}{closing}")

    def _legend(self) -> Text:
        line = Text("Marked: ")
        for level, word in LEVEL_LABELS.items():
            opening, closing = ("", "") if self.colours else _PLAIN_MARKS[level]
            line.append(f"{opening}{word}{closing}", style=STYLES[level] if self.colours else "")
            line.append("  ")
        mark = "unsure" if self.colours else "?unsure?"
        return line.append(mark, style="dim underline" if self.colours else "")

    def header(self, posting: Posting) -> None:
        """Print the title, source and notes of the ad."""
        title = Text(replace_control_chars(posting.title or posting.source.name), style="bold")
        if posting.title:
            title.append(f"  ({replace_control_chars(posting.source.name)})", style="dim")
        self.console.print(title)
        for note in posting.notes:
            self.console.print(Text(f"! {note}", style="yellow" if self.colours else ""))

    def requirements(self, posting: Posting) -> None:
        """Print the requirements by level, each with its quote and the reason for its level."""
        for level, groups in requirements_by_level(posting):
            self.heading(f"{LEVEL_LABELS[level].capitalize()} ({len(groups)})")
            table = self._table(("skill", 30), ("quote", 26), ("why", None))
            for members in groups:
                quotes = ", ".join(dict.fromkeys(_short(m.quote) for m in members))
                table.add_row(choice_name(members), quotes, members[0].because)
            self.console.print(table)
        for fact in facts(posting):
            self.console.print(message("  Also required: {fact}.", fact=fact))
        if maybe := unsure(posting):
            names = ", ".join(f"{load()[r.skill].name} (“{_short(r.quote)}”)" for r in maybe)
            self.console.print(
                Text(message("  Unsure, not planned: {names}.", names=names), style="dim")
            )
        if not posting.requirements:
            self.console.print("  The ad mentions no skill of the vocabulary.")

    def brief(self, posting: Posting) -> None:
        """Print the requirements in a few lines, for one ad among several."""
        for level, groups in requirements_by_level(posting):
            line = Text(f"  {LEVEL_LABELS[level]}: ", style=STYLES[level] if self.colours else "")
            line.append("; ".join(choice_name(members) for members in groups), style="default")
            self.console.print(line)
        if said := facts(posting):
            self.console.print(message("  also: {said}", said="; ".join(said)))

    def plan(self, plan: Plan) -> None:
        """Print the steps, and what they leave uncovered."""
        self.heading(
            message("The plan ({hours} hours)", hours=f"{plan.hours:g}")
            if plan.steps
            else "The plan"
        )
        for number, step in enumerate(plan.steps, start=1):
            self._step(number, step)
        if plan.beyond:
            names = ", ".join(
                f"{s.offer.title}: {s.offer.kind} ({s.offer.hours:g} h)" for s in plan.beyond
            )
            self.console.print(message("  Beyond your hours: {names}", names=names))
        for skill, words in describe_touched_skills(plan):
            self.console.print(
                Padding(
                    message("{skill}: {words} (not scored)", skill=skill, words=words), (0, 0, 0, 2)
                )
            )
        if plan.uncovered:
            self.heading("Not covered by the catalogue yet")
            for level in LEVEL_LABELS:
                names = "; ".join(group.name for group in plan.uncovered if group.level == level)
                if names:
                    self.console.print(Padding(f"{LEVEL_LABELS[level]}: {names}", (0, 0, 0, 2)))
        for note in plan.notes:
            self.console.print(Text(f"  ! {note}", style="yellow" if self.colours else ""))

    def _step(self, number: int, step: Step) -> None:
        offer = step.offer
        line = Text(f"  {number}. {offer.kind} ", style="bold")
        line.append(
            message(
                "{title}, {hours} h",
                title=offer.full_title,
                hours=f"{offer.hours:g}",
            )
        )
        self.console.print(line)
        self.console.print(Padding(step.because, (0, 0, 0, 5)))
        for group in step.shows:
            if proofs := describe_proofs(step, group):
                self.console.print(Padding(f"{group.name}: {proofs}", (0, 0, 0, 7)))
        if offer.command:
            self.console.print(
                Padding(Text(offer.command, style="bold" if self.colours else ""), (0, 0, 0, 5))
            )

    def statistics(self, statistics: AdStatistics) -> None:
        """Print the skills of many ads with a bar chart, the most frequent first."""
        self.heading(message("Requirements of {ads} backend ads", ads=statistics.ads))
        if statistics.not_backend:
            self.console.print(
                message(
                    "  ({count} more are for other jobs and are not counted.)",
                    count=statistics.not_backend,
                )
            )
        table = self._table(
            ("skill", 34), ("ads", 5), ("share", 5), ("", _BAR_WIDTH), ("req/opt/used", None)
        )
        rows = statistics.rows()
        for row in rows[:_MAX_ROWS]:
            share = row.ads / max(1, statistics.ads)
            levels = "/".join(str(number) for _, number in row.levels)
            bar = ("█" if self.console.encoding.startswith("utf") else "#") * round(
                share * _BAR_WIDTH
            )
            table.add_row(load()[row.skill].name, str(row.ads), f"{share:.0%}", bar, levels)
        self.console.print(table)
        if len(rows) > _MAX_ROWS:
            self.console.print(
                message(
                    "  and {more} more skills; --json has all of them.", more=len(rows) - _MAX_ROWS
                )
            )
        if statistics.years:
            asked = ", ".join(f"{years:g} ({n})" for years, n in sorted(statistics.years.items()))
            self.console.print(
                message("  Years of experience required (ads): {asked}", asked=asked)
            )

    def _table(self, *columns: tuple[str, int | None]) -> Table:
        table = Table(
            box=None, pad_edge=False, padding=(0, 2, 0, 2), show_header=True, header_style="dim"
        )
        for name, width in columns:
            table.add_column(
                name,
                max_width=width,
                overflow="fold",
                no_wrap=name in ("ads", "share", "", "req/opt/used"),
            )
        return table


def _short(quote: str) -> str:
    words = " ".join(replace_control_chars(quote).split())
    return words if len(words) <= 50 else f"{words[:47]}..."


def summary(read: int, failed: Sequence[str], terminal: Terminal) -> None:
    """Print how many ads were read, and a line for each that was not."""
    terminal.heading(
        plural(
            read,
            "{count} ad read, {failed} failed:",
            "{count} ads read, {failed} failed:",
            failed=len(failed),
        )
    )
    for line in failed:
        terminal.console.print(Text(f"  {replace_control_chars(line)}"), soft_wrap=True)
