"""Extract the text of a Word file, with headings and list items as Markdown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from worksample.errors import PostingError
from worksample.messages import message

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LIMIT = 40 * 1024 * 1024


def docx_to_text(name: str, data: bytes) -> str:
    """Return the text of a .docx file. Raises PostingError if it is invalid or empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = archive.getinfo("word/document.xml")
            if member.file_size > _LIMIT:
                raise PostingError(
                    message(
                        "{name} is larger than {megabytes} MB when unpacked.",
                        name=name,
                        megabytes=_LIMIT // 2**20,
                    ),
                    hint="Save the ad alone, or copy its text into a file.",
                )
            document = archive.read(member)
    except KeyError as error:
        raise PostingError(
            message("{name} is a ZIP file, but not a Word file.", name=name),
            hint="Unpack it and pass the file with the ad.",
        ) from error
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise PostingError(
            message("{name} cannot be unpacked: {error}.", name=name, error=error),
            hint="Save the document again, or copy its text into a file.",
        ) from error
    text = "\n".join(_lines(name, document)).strip()
    if not text:
        raise PostingError(
            message("{name} is a Word file without text.", name=name),
            hint="Copy the text of the ad into a file.",
        )
    return text + "\n"


def _lines(name: str, document: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in document[:4096] or b"<!ENTITY" in document:
        raise PostingError(
            message(
                "{name} contains a DTD or entities, which are not allowed in a Word file.",
                name=name,
            ),
            hint="Copy the text of the ad into a file.",
        )
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - entities are rejected
    except ElementTree.ParseError as error:
        raise PostingError(
            message("{name} is a damaged Word file: {error}.", name=name, error=error),
            hint="Save it again, or copy its text into a file.",
        ) from error
    for paragraph in root.iter(f"{_W}p"):
        yield _line(paragraph)


def _line(paragraph: ElementTree.Element) -> str:
    words = "".join(_text_parts(paragraph)).strip()
    if not words:
        return ""
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style_name = style.get(f"{_W}val", "") if style is not None else ""
    if style_name.lower().startswith(("heading", "title", "berschrift", "titre", "titolo")):
        return f"\n## {words}"
    listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or "list" in style_name.lower()
    return f"- {words}" if listed else words


def _text_parts(paragraph: ElementTree.Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif node.tag == f"{_W}tab":
            yield " "
