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
from worksample.postings.boards import ad_from_line, ads_from_json, is_json_line, looks_like_json
from worksample.postings.html import ads_from_html, looks_like_html
from worksample.postings.model import Source

MAX_FILE_SIZE = 20 * 1024 * 1024
"""Bytes of one file; streams of one JSON object a line are read line by line instead."""

MAX_TEXT = 100_000
"""Characters of one ad's text."""

STDIN = "-"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_all(names: Iterable[str]) -> Iterator[Source | PostingError]:
    """Every ad of all these files in order, and in its place the error of what is none."""
    for name in names:
        try:
            for found in read_ads(name):
                yield found if isinstance(found, PostingError) else _check_length(found)
        except PostingError as error:
            yield error


def _check_length(source: Source) -> Source | PostingError:
    if len(source.text) <= MAX_TEXT:
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
        yield from _ads_from_stream("standard input", sys.stdin.buffer)
        return
    path = Path(name)
    if path.is_dir():
        raise PostingError(f"{name} is a folder.", hint=f"Name the files: {name}/*")
    try:
        with path.open("rb") as file:
            yield from _ads_from_stream(name, file)
    except OSError as error:
        raise PostingError(
            f"{name} cannot be read: {error.strerror}.",
            hint="Look at the path, and at who may read the file.",
        ) from error


def _ads_from_stream(name: str, file: BinaryIO) -> Iterator[Source | PostingError]:
    first = file.readline(MAX_FILE_SIZE)
    if is_json_line(first):
        second = file.readline(MAX_FILE_SIZE)
        if is_json_line(second):
            yield from _ads_from_lines(
                name, chain((first, second), iter(lambda: file.readline(MAX_FILE_SIZE), b""))
            )
            return
        first += second
    yield from ads_from_bytes(name, first + file.read(MAX_FILE_SIZE + 1))


def _ads_from_lines(name: str, lines: Iterator[bytes]) -> Iterator[Source | PostingError]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield ad_from_line(f"{name}#{number}", line)
        except PostingError as error:
            yield error


def ads_from_bytes(name: str, data: bytes) -> Iterator[Source]:
    """The ads in these bytes; `name` is what messages call them. Raises PostingError."""
    if len(data) > MAX_FILE_SIZE:
        raise PostingError(
            f"{name} is larger than {MAX_FILE_SIZE // 2**20} MB: no job ad is that long.",
            hint="Save the ad alone, or many ads as one JSON object a line (.jsonl).",
        )
    if not data.strip():
        raise PostingError(f"{name} is empty.", hint="Paste the text of the ad into it.")
    if data.startswith(b"%PDF"):
        from worksample.postings.pdf import pdf_to_text

        yield Source(name, pdf_to_text(name, data))
    elif data.startswith(b"PK\x03\x04"):
        from worksample.postings.docx import docx_to_text

        yield Source(name, docx_to_text(name, data))
    else:
        yield from _ads_from_text(name, decode(name, data))


def _ads_from_text(name: str, text: str) -> Iterator[Source]:
    if looks_like_json(name, text):
        yield from ads_from_json(name, text)
    elif looks_like_html(text):
        yield from ads_from_html(name, text)
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
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PostingError(
            f"{name} is not {encoding.upper()}: line {line} has byte 0x{data[error.start]:02x}.",
            hint=f"Save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 {name}",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    control_chars = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\0" in data[:65536] or control_chars * 50 > len(head)
