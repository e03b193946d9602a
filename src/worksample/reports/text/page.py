"""A page of plain, wrapped, sparingly coloured text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from worksample.checks.words import printable

WIDEST = 110
NARROW = 70


class Page:
    """Writes to `console`; whatever is passed in is made printable and never read as markup."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = max(20, min(console.width, WIDEST))

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """Write one paragraph; a part is text, or text with a style."""
        text = Text(overflow="fold")
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            text.append(printable(words), style)
        self._print(text, indent)

    def gap(self) -> None:
        """Leave a line empty."""
        self.console.print()

    def heading(self, words: str) -> None:
        """Begin a part of the page."""
        self.gap()
        self.line((words, "bold underline"))

    def field(self, label: str, *parts: str | tuple[str, str], indent: int = 5) -> None:
        """Write a label and its text, side by side where there is room."""
        text = Text(overflow="fold")
        for part in parts:
            words, style = part if isinstance(part, tuple) else (part, "")
            text.append(printable(words), style)
        if self.width < NARROW:
            self._print(Text(f"{label}:", "dim"), indent)
            self._print(text, indent + 2)
            return
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=12, style="dim", no_wrap=True)
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(Text(label), text)
        grid.width = self.width - indent
        self._print(grid, indent)

    def verbatim(self, lines: Iterable[str], indent: int = 5) -> None:
        """Write lines of a log or a body as they are, marked by a bar."""
        for words in lines:
            self._print(Text(f"│ {printable(words)}", overflow="fold"), indent)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Text]], indent: int = 2) -> None:
        """Write a table: the first column to the left, numbers to the right."""
        grid = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        for index, name in enumerate(head):
            grid.add_column(name, justify="right" if index else "left", no_wrap=True)
        for row in rows:
            grid.add_row(*row)
        self._print(grid, indent)

    def _print(self, thing: Text | Table, indent: int) -> None:
        padded = Padding(thing, (0, 0, 0, indent), expand=False)
        self.console.print(padded, width=self.width, highlight=False, markup=False, emoji=False)


def page_on(file: TextIO | None, width: int | None = None) -> Page:
    """Return a page that is written to `file` (default: standard output).

    Colour only on a terminal, and never where `NO_COLOR` is set; the width is the terminal's.
    """
    console = Console(
        file=file, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False
    )
    return Page(console)


def fits(words: str, width: int) -> bool:
    """Return whether `words` take at most `width` cells of a terminal."""
    return cell_len(words) <= width
