"""Read ads from files or standard input, in any supported format.

The content of a file determines its format (for invalid JSON, its name). Nothing is fetched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from worksample.errors import PostingError
from worksample.messages import message
from worksample.postings.boards import ad_from_line, ads_from_json, is_json_line, looks_like_json
from worksample.postings.html import ads_from_html, looks_like_html
from worksample.postings.model import Source

MAX_FILE_SIZE = 20 * 1024 * 1024
"""The maximum size of a file in bytes. For JSON Lines it applies to each line."""

MAX_TEXT = 100_000
"""The maximum length of the text of an ad, in characters."""

STDIN = "-"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_all(names: Iterable[str]) -> Iterator[Source | PostingError]:
    """Yield the ads of all files in order, or the error in place of an ad that cannot be read."""
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
        message(
            "{source} has {length} characters of text; the maximum is {most}.",
            source=source.name,
            length=len(source.text),
            most=MAX_TEXT,
        ),
        hint="Save the ad alone.",
    )


def read_ads(name: str) -> Iterator[Source | PostingError]:
    """Yield the ads in the file `name` ("-": standard input), in order.

    Raises PostingError if the file contains no readable ad; the message says what it contains
    and what to do. In JSON Lines, an invalid line yields its error as an item, and the other
    lines are still read.
    """
    if name == STDIN:
        yield from _ads_from_stream("standard input", sys.stdin.buffer)
        return
    path = Path(name)
    if path.is_dir():
        raise PostingError(
            message("{name} is a folder.", name=name),
            hint=message("Pass the files in it: {name}/*", name=name),
        )
    try:
        with path.open("rb") as file:
            yield from _ads_from_stream(name, file)
    except OSError as error:
        raise PostingError(
            message("{name} cannot be read: {reason}.", name=name, reason=error.strerror),
            hint="Check the path and the permissions of the file.",
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
    """Yield the ads in `data`; messages refer to it as `name`. Raises PostingError."""
    if len(data) > MAX_FILE_SIZE:
        raise PostingError(
            message(
                "{name} is larger than the maximum of {megabytes} MB.",
                name=name,
                megabytes=MAX_FILE_SIZE // 2**20,
            ),
            hint="Save the ad alone, or many ads as one JSON object per line (.jsonl).",
        )
    if not data.strip():
        raise PostingError(
            message("{name} is empty.", name=name), hint="Paste the text of the ad into the file."
        )
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
    """Decode UTF-8 or UTF-16 (with BOM) and normalize line ends to "\\n".

    Raises PostingError if `data` is binary or has another encoding.
    """
    encoding = "utf-8"
    for mark, marked in _BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], marked
            break
    if encoding == "utf-8" and _is_binary(data):
        raise PostingError(
            message("{name} is not a text, PDF or Word file.", name=name),
            hint="Pass the ad as .txt, .md, .html, .pdf, .docx or saved JSON.",
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        raise PostingError(
            message(
                "{name} is not {encoding}: invalid byte 0x{byte} in line {line}.",
                name=name,
                encoding=encoding.upper(),
                byte=f"{byte:02x}",
                line=line,
            ),
            hint=message(
                "Save it as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 {name}", name=name
            ),
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_binary(data: bytes) -> bool:
    head = data[:8192]
    control_chars = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return b"\0" in data[:65536] or control_chars * 50 > len(head)
