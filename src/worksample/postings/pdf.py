"""The text of a PDF."""

from __future__ import annotations

import io
import logging
import re

from worksample.errors import PostingError

_MAX_PAGES = 30
_WRAPPED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def pdf_to_text(name: str, data: bytes) -> str:
    """The text of a PDF's first pages, line by line.

    Raises PostingError when it is encrypted, broken, or holds pictures instead of text.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    # pypdf reports each small fault of a file as a warning; the reader of an ad needs none of it.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _encrypted(name)
        text = "\n".join(page.extract_text() for page in reader.pages[:_MAX_PAGES])
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as error:
        raise _encrypted(name) from error
    except PostingError:
        raise
    except Exception as error:  # pypdf raises many kinds of error on broken files
        raise PostingError(
            f"{name} is a PDF that cannot be read: {error}.",
            hint="Open it, and copy its text into a file.",
        ) from error
    if len(re.findall(r"\w", text)) < 20:
        raise PostingError(
            f"{name} is a PDF without text: it was scanned or printed as a picture.",
            hint="Run it through a text recognition (OCR) first, or type the ad into a file.",
        )
    return _WRAPPED.sub("", text)


def _encrypted(name: str) -> PostingError:
    return PostingError(
        f"{name} is an encrypted PDF.", hint="Open it with its password and save it without one."
    )
