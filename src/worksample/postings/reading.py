"""Open what the user has: a file or standard input, in any of the known forms, as ads.

What a file holds is told by its content (broken JSON by its name). Nothing is fetched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from worksample.errors import PostingError
from worksample.postings.boards import ads_of_json, ads_of_line, begins_json, is_line_of_json
from worksample.postings.html import ads_of_page, looks_like_html
from worksample.postings.model import Source

LIMIT = 20 * 1024 * 1024
"""Bytes of one file; streams of one JSON object a line are read line by line instead."""

MOST = 100_000
"""Characters of one ad's text."""

STDIN = "-"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_all(names: Iterable[str]) -> Iterator[Source | PostingError]:
    """Every ad of all these files in order, and in its place the error of what is none."""
    for name in names:
        try:
            for found in read_ads(name):
                yield found if isinstance(found, PostingError) else _of_sane_length(found)
        except PostingError as trouble:
            yield trouble


def _of_sane_length(source: Source) -> Source | PostingError:
    if len(source.text) <= MOST:
        return source
    return PostingError(
        f"{source.name} has {len(source.text)} characters of text: no job ad is that long.",
        hint="Save the ad alone.",
    )


def read_ads(name: str) -> Iterator[Source | PostingError]:
    """The ads in the file called `name` ("-": standard input), in order.

    Raises PostingError when there is nothing that can be read as an ad; it says what was found
    and what to do. In a stream of one ad a line, a broken line gives its error as an item, and
    the others still come.
    """
    if name == STDIN:
        yield from _ads_of_stream("standard input", sys.stdin.buffer)
        return
    path = Path(name)
    if path.is_dir():
        raise PostingError(f"{name} is a folder.", hint=f"Name the files: {name}/*")
    try:
        with path.open("rb") as file:
            yield from _ads_of_stream(name, file)
    except OSError as trouble:
        raise PostingError(
            f"{name} cannot be read: {trouble.strerror}.",
            hint="Look at the path, and at who may read the file.",
        ) from trouble


def _ads_of_stream(name: str, file: BinaryIO) -> Iterator[Source | PostingError]:
    first = file.readline(LIMIT)
    if is_line_of_json(first):
        second = file.readline(LIMIT)
        if is_line_of_json(second):
            yield from _ads_of_lines(
                name, chain((first, second), iter(lambda: file.readline(LIMIT), b""))
            )
            return
        first += second
    yield from ads_of_bytes(name, first + file.read(LIMIT + 1))


def _ads_of_lines(name: str, lines: Iterator[bytes]) -> Iterator[Source | PostingError]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield ads_of_line(f"{name}#{number}", line)
        except PostingError as trouble:
            yield trouble


def ads_of_bytes(name: str, data: bytes) -> Iterator[Source]:
    """The ads in these bytes; `name` is what messages call them. Raises PostingError."""
    if len(data) > LIMIT:
        raise PostingError(
            f"{name} is larger than {LIMIT // 2**20} MB: no job ad is that long.",
            hint="Save the ad alone, or many ads as one JSON object a line (.jsonl).",
        )
    if not data.strip():
        raise PostingError(f"{name} is empty.", hint="Paste the text of the ad into it.")
    if data.startswith(b"%PDF"):
        from worksample.postings.pdf import text_of_pdf

        yield Source(name, text_of_pdf(name, data))
    elif data.startswith(b"PK\x03\x04"):
        from worksample.postings.docx import text_of_docx

        yield Source(name, text_of_docx(name, data))
    else:
        yield from _ads_of_text(name, decode(name, data))


def _ads_of_text(name: str, text: str) -> Iterator[Source]:
    if begins_json(name, text):
        yield from ads_of_json(name, text)
    elif looks_like_html(text):
        yield from ads_of_page(name, text)
    else:
        yield Source(name, text)


def decode(name: str, data: bytes) -> str:
    """The text in these bytes, its line ends as "\\n". Raises PostingError for other bytes."""
    encoding = "utf-8"
    for mark, marked in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], marked
            break
    if encoding == "utf-8" and _is_binary(data):
        raise PostingError(
            f"{name} is not text, nor a PDF or Word file.",
            hint="Give the ad as .txt, .md, .html, .pdf, .docx or saved JSON.",
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as trouble:
        line = data.count(b"\n", 0, trouble.start) + 1
        raise PostingError(
            f"{name} is not {encoding.upper()}: line {line} has byte 0x{data[trouble.start]:02x}.",
            hint=f"Save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 {name}",
        ) from trouble
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\0" in data[:65536] or odd * 50 > len(head)
