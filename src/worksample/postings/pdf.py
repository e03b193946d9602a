"""Extract the text of a PDF."""

from __future__ import annotations

import io
import logging
import re

from worksample.errors import PostingError
from worksample.messages import message

_MAX_PAGES = 30
_WRAPPED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")


def pdf_to_text(name: str, data: bytes) -> str:
    """Return the text of the first pages of a PDF, line by line.

    Raises PostingError if it is encrypted, damaged, or contains images instead of text.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    # pypdf logs a warning for every minor defect of a file, which the user cannot act on.
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
    except Exception as error:  # pypdf raises many exception types for damaged files
        raise PostingError(
            message("{name} is a PDF that cannot be parsed: {error}.", name=name, error=error),
            hint="Open it and copy its text into a file.",
        ) from error
    if len(re.findall(r"\w", text)) < 20:
        raise PostingError(
            message("{name} is a PDF without text, such as a scan.", name=name),
            hint="Run OCR on it first, or type the ad into a file.",
        )
    return _WRAPPED.sub("", text)


def _encrypted(name: str) -> PostingError:
    return PostingError(
        message("{name} is an encrypted PDF.", name=name),
        hint="Open it and save it without a password.",
    )
