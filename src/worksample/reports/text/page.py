"""Wrapped text with indents, columns and a few colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.text import Text

from worksample.checks.formatting import printable

MAX_WIDTH = 110
MIN_WIDTH = 24
LABEL_WIDTH = 16
_MIN_TEXT_WIDTH = 12
#: On a narrower page, a label is written above its text, not beside it.
STACKED_WIDTH = 60

Part = str | tuple[str, str]


class Page:
    """Writes paragraphs; every part is a text, or a text with a style.

    All text is made printable and never parsed as markup, so that text from a server cannot
    control the terminal. Lines have no trailing spaces.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._written = 0
        self._end: int | None = None
        self.width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))

    @contextmanager
    def at_most(self, lines: int) -> Iterator[None]:
        """Within the block, leave out every line after the first `lines`."""
        outer, end = self._end, self._written + max(lines, 0)
        self._end = end if outer is None else min(end, outer)
        try:
            yield
        finally:
            self._end = outer

    @property
    def left(self) -> int:
        """How many lines can still be written in the innermost block of `at_most`; else 0."""
        return 0 if self._end is None else self._end - self._written

    def single(self, *parts: Part, indent: int = 0) -> None:
        """Write one line, cut with an ellipsis where the page ends."""
        text = _text(parts)
        text.truncate(self.width - indent, overflow="ellipsis")
        self._write_line(" " * indent, text)

    def line(self, *parts: Part, indent: int = 0, hang: int = 0) -> None:
        """Write one paragraph with an indent; further lines are indented by `hang` more cells."""
        indent = self._clamp_indent(indent, hang)
        first, *rest = self._wrap(_text(parts), self.width - indent - hang) or [Text()]
        self._write_line(" " * indent, first)
        for line in rest:
            self._write_line(" " * (indent + hang), line)

    def blank_line(self) -> None:
        """Write an empty line."""
        self._write_line("", Text())

    def heading(self, words: str, more: str = "") -> None:
        """Write a heading, with `more` beside it."""
        self.blank_line()
        self.line((words, "bold underline"), (f"  {more}" if more else "", "dim"))

    def field(self, label: str, *parts: Part, indent: int = 5, column: int = LABEL_WIDTH) -> None:
        """Write a label and its text side by side, or one above the other on a narrow page.

        The text starts `column` cells after the start of the label.
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
        """Write lines of a log or a body unchanged, with a bar before each."""
        for words in lines:
            for line in self._wrap(Text(printable(words)), self.width - indent - 2) or [Text()]:
                self._write_line(" " * indent + "│ ", line)

    def table(self, rows: Sequence[Sequence[Part]], indent: int = 2) -> bool:
        """Write a table with its first column left-aligned and the others right-aligned.

        Return False, without writing anything, if it is wider than the page.
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
        """Write paragraphs side by side, each `width` cells wide and two cells apart.

        A cell that is a string is a mark, repeated on every line. The first part of a paragraph
        prefixes its first line, the second part every further line.
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
        """Return the indent, reduced if less than the minimum text width would remain."""
        return max(0, min(indent, self.width - after - _MIN_TEXT_WIDTH))

    def _wrap(self, text: Text, width: int) -> list[Text]:
        return list(text.wrap(self._console, max(_MIN_TEXT_WIDTH - 2, width), overflow="fold"))

    def _write_line(self, prefix: str | Text, text: Text) -> None:
        if self._end is not None and self._written >= self._end:
            return
        self._written += 1
        line = Text.assemble(prefix, text)
        line.rstrip()
        if not self._console.is_terminal:
            self._console.file.write(f"{line.plain}\n")
            return
        self._console.print(line, no_wrap=True, overflow="ignore", crop=False)


def page_for(file: TextIO | None, width: int | None = None) -> Page:
    """Return a page that writes to `file` (default: standard output).

    It uses the width of the terminal, and colours only on a terminal without `NO_COLOR`.
    """
    return Page(Console(file=file, width=width, highlight=False, markup=False, emoji=False))


def _text(parts: Iterable[Part]) -> Text:
    text = Text()
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        text.append(printable(words), style)
    return text
