"""In which forms a report is printed and written: `--form NAME[=FILE]`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worksample.messages import message
from worksample.reports import form, forms

if TYPE_CHECKING:
    from worksample.grading import Report


@dataclass(frozen=True, slots=True)
class ReportOutput:
    """A report in the form `name`: in the file `path`, or printed if that is None."""

    name: str
    path: Path | None = None

    @property
    def title(self) -> str:
        """The name of the form for people."""
        return form(self.name).TITLE

    def render(self, report: Report) -> bytes:
        """Return `report` in this form."""
        return form(self.name).render(report)

    def write(self, report: Report) -> Path | None:
        """Print `report`, or write it and return the path; raise `UserError` if that fails."""
        from worksample.cli._saved_runs import write

        if self.path is None:
            click.echo(self.render(report), nl=False)
            return None
        return write(self.render(report), self.path)


def _outputs(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[ReportOutput, ...]:
    """Return what `NAME` or `NAME=FILE` ask for; raise `BadParameter` for an unknown form."""
    outputs = []
    for name, _, file in (value.partition("=") for value in values):
        if name not in forms():
            known = ", ".join(f"{each} ({form(each).SUMMARY})" for each in forms())
            wrong = message(
                "no form is called {name}; there are {known}.", name=repr(name), known=known
            )
            raise click.BadParameter(wrong, ctx, param)
        outputs.append(ReportOutput(name, Path(file) if file else None))
    return tuple(outputs)


form_option = click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="NAME[=FILE]",
    callback=_outputs,
    help="Print the report in this form, or write it to FILE.",
)


def file_beside(run_folder: Path, name: str) -> ReportOutput:
    """Return the report of a saved run in the form `name`, as a file in the folder of the run."""
    return ReportOutput(name, run_folder / f"report{form(name).SUFFIX}")
