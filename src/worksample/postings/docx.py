"""The text of a Word file: its paragraphs, with headings and list items marked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from worksample.errors import PostingError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LIMIT = 40 * 1024 * 1024


def docx_to_text(name: str, data: bytes) -> str:
    """The text of a .docx. Raises PostingError when it is no Word file, broken or empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = archive.getinfo("word/document.xml")
            if member.file_size > _LIMIT:
                raise PostingError(f"{name} unpacks to more than {_LIMIT // 2**20} MB.")
            document = archive.read(member)
    except KeyError as error:
        raise PostingError(
            f"{name} is a zip file, but no Word file.", hint="Unpack it and name the ad's own file."
        ) from error
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise PostingError(f"{name} cannot be unpacked: {error}.") from error
    text = "\n".join(_lines(name, document)).strip()
    if not text:
        raise PostingError(f"{name} is a Word file without text.")
    return text + "\n"


def _lines(name: str, document: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in document[:4096] or b"<!ENTITY" in document:
        raise PostingError(f"{name} holds a document type, which no Word file has.")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - documents with entities are refused
    except ElementTree.ParseError as error:
        raise PostingError(f"{name} is a broken Word file: {error}.") from error
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
