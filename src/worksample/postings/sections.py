"""Detect the sections of an ad by its headings: Markdown, bold, with a colon, or plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from worksample.postings import lexicon
from worksample.postings.layout import LIST, PLAIN, TITLE, Layout
from worksample.postings.lines import Line, split_lines
from worksample.postings.patterns import Match, longest_matches
from worksample.postings.tables import Table, is_row
from worksample.postings.tokens import BREAK, Tokens

_MAX_INLINE_HEADING_WORDS = 8
"""The maximum number of words of a heading that shares its line with its text."""

BOLD, COLON = 7, 8
"""Heading levels below those of Markdown (1 to 6): a bold line, a line that ends in a colon."""

_MARKDOWN_HEADING = re.compile(r"^\s*(#{1,6})\s")
_BOLD = re.compile(
    r"^\s*(?:\*\*|__)[^*_]+(?:\*\*|__)\s*:?\s*$|^\s*(?:\*\*|__)[^*_]+:(?:\*\*|__)\s*$"
)
_BARE_HEADINGS = frozenset(("requirements", "responsibilities", "qualifications", "benefits"))
"""One-word headings that are recognized in the middle of text without line breaks."""
_SHORTCODE = re.compile(r":[a-z_0-9+-]+:")
"""An emoji shortcode (":rocket:")."""
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?:[^\n]*\n){1,40}?---[ \t]*\n")
_FRONT_MATTER_TITLE = re.compile(r"(?:job_?)?title\s*:", re.I)
_ENDS_SENTENCE = re.compile(r"[.;,]\s*[*_]*\s*$")


def detect_sections(tokens: Tokens, title: str) -> Layout:
    """Detect the sections of a text.

    `title` is the ad's title if its source states it separately, else empty. Headings within a
    line also become sentence boundaries in `tokens`.
    """
    lines = split_lines(tokens)
    detector = _SectionDetector(tokens, lines, Layout(), title.strip().casefold())
    front_matter_end = _FRONT_MATTER.match(tokens.text)
    detector.front_matter_end = front_matter_end.end() if front_matter_end else 0
    for number in range(len(lines)):
        detector.process_line(number)
    _split_sentences(tokens, detector.sentence_starts)
    return detector.layout


def _split_sentences(tokens: Tokens, sentence_starts: set[int]) -> None:
    """Start a sentence at each of these words: headings that lost their line break."""
    if not sentence_starts:
        return
    sentence = 0
    for i in range(len(tokens)):
        if i in sentence_starts and i:
            tokens.gap[i - 1] = BREAK
        sentence += bool(i) and tokens.gap[i - 1] == BREAK
        tokens.sentence[i] = sentence


@dataclass(slots=True)
class _SectionDetector:
    tokens: Tokens
    lines: list[Line]
    layout: Layout
    title: str
    level: int = 0
    in_list: bool = False
    after_blank: bool = False
    in_inline_section: bool = False
    seen_words: bool = False
    sentence_starts: set[int] = field(default_factory=set)
    front_matter_end: int = 0
    table: Table | None = None

    def process_line(self, number: int) -> None:
        line = self.lines[number]
        if not line.words:
            self.after_blank = True
            return
        if self.front_matter_end:
            self._process_front_matter(line)
            return
        if self._process_table(line):
            return
        if not self.seen_words and self._is_title(line):
            self.layout.start_section(line.start, TITLE)
            self.layout.start_section(line.end, PLAIN)
        elif (level := self._heading_level(number)) is not None:
            self._process_heading(line, level)
        else:
            self._process_text(line)
        self.seen_words, self.after_blank = True, False

    def _process_table(self, line: Line) -> bool:
        """Read a row of a table; return whether its columns or first cell name the sections."""
        if not is_row(self.tokens, line):
            if self.table is not None and self.table.has_levels:
                self.layout.start_section(line.start, PLAIN)
            self.table = None
            return False
        self.table = self.table or Table()
        cells = list(self.table.cells(self.tokens, line, self._classify_cell))
        outer = self.layout.names[-1]
        for cell, section in cells:
            self.layout.start_section(cell.start, section or PLAIN)
            self.sentence_starts.add(cell.first)
        if cells and not self.table.has_levels:
            self.layout.start_section(line.end, outer)
        return bool(cells)

    def _classify_cell(self, cell: Line) -> str | None:
        return self._classify(cell, long=False) if 0 < cell.words <= 4 else None

    def _process_front_matter(self, line: Line) -> None:
        """Read the title from YAML front matter (Jekyll, Hugo) and ignore the rest of it."""
        if line.end >= self.front_matter_end:
            self.front_matter_end = 0
        if _FRONT_MATTER_TITLE.match(self._text_of(line)):
            self.layout.start_section(line.start, TITLE)
            self.layout.start_section(line.end, PLAIN)
            self.seen_words = True

    def _text_of(self, line: Line) -> str:
        return self.tokens.text[line.start : line.end].strip()

    def _is_title(self, line: Line) -> bool:
        text = _SHORTCODE.sub("", self._text_of(line)).strip("#* ")
        if self.title:
            return text.casefold() == self.title
        short = line.words <= 14 and len(text) <= 110
        return (
            short
            and not text.endswith((".", ":", "!", "?"))
            and not line.bullet
            and not self._is_known_heading(line)
        )

    def _is_known_heading(self, line: Line) -> bool:
        return self._classify(line, long=False) is not None and line.words <= 4

    def _heading_level(self, number: int) -> int | None:
        line = self.lines[number]
        text = self._text_of(line)
        if marked := _MARKDOWN_HEADING.match(text):
            return len(marked[1])
        if line.words <= 14 and _BOLD.match(text) and not line.bullet:
            return BOLD
        if text.rstrip("*_ ").endswith((":", "：")):
            return COLON if self._introduces_text(number) else None
        if line.bullet or line.words > 7 or _ENDS_SENTENCE.search(text):
            return None
        if "," in text and not self._precedes_list(number):
            return None
        return COLON if self._stands_alone(number) else None

    def _introduces_text(self, number: int) -> bool:
        line, following = self.lines[number], self._next(number)
        if line.words > 30 or following is None:
            return False
        if line.bullet:
            return line.words <= 6 and self._classify(line, long=False) is not None
        return line.words <= 8 or following.bullet

    def _stands_alone(self, number: int) -> bool:
        line, following = self.lines[number], self._next(number)
        if following is None or self._classify(line, long=False) is None:
            return False
        text = self._text_of(line)
        after_blank = self.after_blank or not self.seen_words
        return text.isupper() or following.bullet or after_blank or text.endswith("?")

    def _precedes_list(self, number: int) -> bool:
        following = self._next(number)
        return following is not None and following.bullet

    def _next(self, number: int) -> Line | None:
        return next((line for line in self.lines[number + 1 :] if line.words), None)

    def _process_heading(self, line: Line, level: int) -> None:
        long = line.words > 9
        section = self._classify(line, long=long)
        if section is None:
            section = self._section_of_unknown(line, level, long)
        else:
            self.level = level
        self.layout.headings.append((line.start, line.end, len(self.tokens.text)))
        self.layout.start_section(line.start, section)
        self.in_list = self.in_inline_section = False

    def _section_of_unknown(self, line: Line, level: int, long: bool) -> str:
        current = self.layout.names[-1]
        keys = self.tokens.key[line.first : line.last]
        if long or level > self.level or any(key in lexicon.subheadings() for key in keys):
            return current
        self.level = level
        return PLAIN

    def _classify(self, line: Line, *, long: bool) -> str | None:
        if line.words == 1 and self.tokens.key[line.first] in lexicon.standalone_headings():
            return lexicon.standalone_headings()[self.tokens.key[line.first]]
        found: dict[str, int] = {}
        for match in longest_matches(self._phrases(line)):
            size = match.last - match.first + 1
            found[match.value] = max(found.get(match.value, 0), size)
        return _pick_section(found, long=long)

    def _phrases(self, line: Line) -> Iterator[Match[str]]:
        for i in range(line.first, line.last):
            yield from (
                m for m in lexicon.headings().matches_at(self.tokens, i) if m.last < line.last
            )

    def _process_text(self, line: Line) -> None:
        if not line.bullet and self.after_blank and (self.in_list or self.in_inline_section):
            self.layout.start_section(line.start, PLAIN)
            self.level, self.in_list, self.in_inline_section = 0, False, False
        self.in_list = self.in_list or line.bullet
        outer = self.layout.names[-1]
        for position, section in self._inline(line):
            self.layout.start_section(position, section)
            self.layout.inline_starts.add(self.layout.starts[-1])
            self.in_inline_section = True
        inner = {"role": "tasks", PLAIN: LIST if self.layout.headings else PLAIN}.get(outer)
        if line.bullet and inner and self.layout.names[-1] == outer:
            self.layout.start_section(line.start, inner)
        if line.bullet:
            self.layout.start_section(line.end, outer)

    def _inline(self, line: Line) -> Iterator[tuple[int, str]]:
        tokens, i = self.tokens, line.first
        if (lead := self._leading_heading(line)) is not None:
            end, section = lead
            span = tokens.start[line.first], tokens.end[end]
            self.layout.headings.append((*span, line.end if line.bullet else len(tokens.text)))
            yield span[0], section
            i = end + 1
        while i < line.last:
            best = max(
                (m for m in lexicon.inline_headings().matches_at(tokens, i) if m.last < line.last),
                key=lambda m: m.last,
                default=None,
            )
            if best is not None and self._starts_section(line, best.first, best.last):
                span = tokens.start[best.first], tokens.end[best.last]
                self.layout.headings.append((*span, line.end if line.bullet else len(tokens.text)))
                self.sentence_starts.add(best.first)
                yield tokens.start[best.first], best.value
                i = best.last
            i += 1

    def _leading_heading(self, line: Line) -> tuple[int, str] | None:
        """Return the last word and the section of a heading that shares its line with its text."""
        for i in range(line.first, min(line.first + _MAX_INLINE_HEADING_WORDS, line.last - 1)):
            between = self.tokens.between(i, i + 1)
            if ":" in between or "：" in between:
                head = Line(line.start, line.end, line.first, i + 1, line.bullet)
                section = self._classify(head, long=True)
                return (i, section) if section and not self._is_in_title(head) else None
            if self.tokens.gap[i] == BREAK or "," in between:
                return None
        return None

    def _is_in_title(self, head: Line) -> bool:
        """Return whether the first words of the text are a title such as "Your tech career"."""
        covered = sum(m.last - m.first + 1 for m in longest_matches(self._phrases(head)))
        return not self.seen_words and 2 * covered < head.words

    def _starts_section(self, line: Line, first: int, last: int) -> bool:
        tokens = self.tokens
        after = tokens.text[tokens.end[last] : tokens.end[last] + 4].lstrip("*_) ")
        fresh = first == line.first or tokens.gap[first - 1] == BREAK
        capital = tokens.word(first)[0].isupper()
        if after[:1] in (":", "："):
            return fresh or capital
        if not (capital and line.words > 60 and last + 1 < line.last):
            return False
        titled = all(
            tokens.word(i)[0].isupper() or len(tokens.word(i)) < 4 for i in range(first, last + 1)
        )
        following = tokens.word(last + 1)[0]
        if not (titled and (following.isupper() or following.isdigit())):
            return False
        return (
            fresh
            or last > first
            or (tokens.key[first] in _BARE_HEADINGS and tokens.word(first - 1).islower())
        )


def _pick_section(found: dict[str, int], *, long: bool) -> str | None:
    if "stack" in found and "required" in found and found["required"] >= found["stack"]:
        del found["stack"]
    if "offer" in found and "optional" in found and found["optional"] <= found["offer"]:
        del found["optional"]
    for section in lexicon.section_order():
        if section in found and not (long and section in ("company", "legal", "process", "role")):
            return section
    return None
