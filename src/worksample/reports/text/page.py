"""A page of plain, wrapped, sparingly coloured text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console
from rich.text import Text

from worksample.checks.formatting import printable

MAX_WIDTH = 110
MIN_WIDTH = 24
LABEL_WIDTH = 16
_MIN_TEXT_WIDTH = 12
#: Below this width a label stands above its text, not beside it.
STACKED_WIDTH = 60

Part = str | tuple[str, str]


class Page:
    """Writes paragraphs; every part is text, or text with a style.

    Whatever is passed in is made printable and is never read as markup, so that text from a
    server cannot steer the terminal. Lines have no spaces at their end.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))

    def line(self, *parts: Part, indent: int = 0, hang: int = 0) -> None:
        """Write one paragraph, `indent` cells in; further lines are `hang` cells deeper."""
        indent = self._clamp_indent(indent, hang)
        first, *rest = self._wrap(_text(parts), self.width - indent - hang) or [Text()]
        self._write_line(" " * indent, first)
        for line in rest:
            self._write_line(" " * (indent + hang), line)

    def blank_line(self) -> None:
        """Leave a line empty."""
        self._write_line("", Text())

    def heading(self, words: str, more: str = "") -> None:
        """Begin a part of the page; `more` is said beside its heading."""
        self.blank_line()
        self.line((words, "bold underline"), (f"  {more}" if more else "", "dim"))

    def field(self, label: str, *parts: Part, indent: int = 5, column: int = LABEL_WIDTH) -> None:
        """Write a label and its text: side by side, or one above the other on a narrow page.

        The text begins `column` cells after the label.
        """
        indent = self._clamp_indent(indent, column if column != LABEL_WIDTH else 0)
        prefix = Text(" " * indent + label, "dim")
        if self.width < STACKED_WIDTH and column == LABEL_WIDTH:
            if label:
                self._write_line("", prefix)
            prefix = Text(" " * (indent + 2))
        else:
            prefix.pad_right(indent + column - prefix.cell_len)
        lines = self._wrap(_text(parts), self.width - prefix.cell_len)
        for line in lines if any(lines) else [Text()] * bool(label):
            self._write_line(prefix, line)
            prefix = Text(" " * prefix.cell_len)

    def verbatim(self, lines: Iterable[str], indent: int = 5) -> None:
        """Write lines of a log or a body as they are, marked by a bar."""
        for words in lines:
            for line in self._wrap(Text(printable(words)), self.width - indent - 2) or [Text()]:
                self._write_line(" " * indent + "│ ", line)

    def table(self, rows: Sequence[Sequence[Part]], indent: int = 2) -> bool:
        """Write rows in columns: the first to the left, the others (numbers) to the right.

        Return whether there was room for it; if not, nothing is written.
        """
        cells = [[_text([part]) for part in row] for row in rows]
        widths = [max(cell.cell_len for cell in column) for column in zip(*cells, strict=True)]
        if indent + sum(widths) + 2 * len(widths[1:]) > self.width:
            return False
        for row in cells:
            line = row[0].copy()
            line.pad_right(widths[0] - row[0].cell_len)
            for cell, width in zip(row[1:], widths[1:], strict=True):
                line.append(" " * (2 + width - cell.cell_len))
                line.append_text(cell)
            self._write_line(" " * indent, line)
        return True

    def columns(self, cells: Sequence[Sequence[Part] | str], width: int, indent: int = 0) -> None:
        """Write paragraphs side by side, each `width` cells wide and two from the next.

        A cell that is a text is no paragraph but a mark: it stands again on every line. The first
        two parts of a paragraph stand before its first line and before each further one.
        """
        columns = [self._column(cell, width) for cell in cells]
        for index in range(max(len(column) for column in columns)):
            line = Text()
            for cell, column in zip(cells, columns, strict=True):
                marked = isinstance(cell, str) or index < len(column)
                part = column[0 if isinstance(cell, str) else index] if marked else Text()
                line.append_text(part)
                line.pad_right(width + 2 - part.cell_len)
            self._write_line(" " * indent, line)

    def _column(self, cell: Sequence[Part] | str, width: int) -> list[Text]:
        if isinstance(cell, str):
            return [Text(cell, "dim")]
        first, further = _text(cell[:1]), _text(cell[1:2])
        lines = self._wrap(_text(cell[2:]), width - first.cell_len) or [Text()]
        return [Text.assemble(further if n else first, line) for n, line in enumerate(lines)]

    def _clamp_indent(self, indent: int, after: int) -> int:
        """Return an indent that leaves room for words, with `after` more cells taken."""
        return max(0, min(indent, self.width - after - _MIN_TEXT_WIDTH))

    def _wrap(self, text: Text, width: int) -> list[Text]:
        return list(text.wrap(self._console, max(_MIN_TEXT_WIDTH - 2, width), overflow="fold"))

    def _write_line(self, prefix: str | Text, text: Text) -> None:
        line = Text.assemble(prefix, text)
        line.rstrip()
        if not self._console.is_terminal:
            self._console.file.write(f"{line.plain}\n")
            return
        self._console.print(line, no_wrap=True, overflow="ignore", crop=False)


def page_for(file: TextIO | None, width: int | None = None) -> Page:
    """Return a page that is written to `file` (default: standard output).

    Coloured only on a terminal, and never where `NO_COLOR` is set; the width is the terminal's.
    """
    return Page(Console(file=file, width=width, highlight=False, markup=False, emoji=False))


def _text(parts: Iterable[Part]) -> Text:
    text = Text()
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        text.append(printable(words), style)
    return text
