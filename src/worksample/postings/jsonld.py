"""Find schema.org JobPosting objects (JSON-LD) and convert them to the text of an ad."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_SCRIPT = re.compile(
    r"<script[^>]*type\s*=\s*[\"']?application/ld\+json[\"']?[^>]*>(.*?)</script\s*>", re.I | re.S
)
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|//<!\[CDATA\[)|(?:-->|\]\]>)\s*$"
)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_SECTIONS = (
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Qualifications"),
    ("skills", "Skills"),
)
_MAX_DEPTH = 12


def postings_in_html(markup: str) -> Iterator[Mapping[str, Any]]:
    """Yield every JobPosting in the JSON-LD of a page; invalid blocks are skipped."""
    for block in _SCRIPT.findall(markup):
        try:
            yield from job_postings(parse_leniently(_WRAPPER.sub("", block)))
        except ValueError:
            continue


def parse_leniently(text: str) -> Any:
    """Parse JSON, and allow raw line breaks in strings and trailing commas.

    Raises ValueError if the text is still invalid.
    """
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_TRAILING_COMMA.sub("", text), strict=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def job_postings(data: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield every JobPosting object in parsed JSON, also in lists and `@graph`."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(data, list):
        for item in data:
            yield from job_postings(item, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]):
            yield data
            return
        for value in data.values():
            if isinstance(value, dict | list):
                yield from job_postings(value, depth + 1)


def posting_body(posting: Mapping[str, Any]) -> str:
    """Return a JobPosting as HTML: its description, and the fields that are not part of it."""
    body = _text(posting.get("description"))
    parts = [body]
    for name, heading in _SECTIONS:
        text = _text(posting.get(name))
        if text and text not in body:
            parts.append(f"<h2>{heading}</h2><p>{text}</p>")
    parts.append(_education(posting))
    return "".join(parts)


def _education(posting: Mapping[str, Any]) -> str:
    items = []
    for entry in _each(posting.get("educationRequirements")):
        category = _text(entry.get("credentialCategory") if isinstance(entry, dict) else entry)
        if category:
            items.append(
                f"<li>{category if 'degree' in category.lower() else category + ' degree'}</li>"
            )
    for entry in _each(posting.get("experienceRequirements")):
        months = entry.get("monthsOfExperience") if isinstance(entry, dict) else None
        if isinstance(months, int | float | str) and str(months).isdigit():
            items.append(f"<li>{months} months of experience</li>")
        elif isinstance(entry, str):
            items.append(f"<li>{entry}</li>")
    return f"<h2>Requirements</h2><ul>{''.join(items)}</ul>" if items else ""


def _each(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "<br>".join(_text(item) for item in value)
    return value if isinstance(value, str) else ""


def posting_company(posting: Mapping[str, Any]) -> str:
    """Return the employer's name, or an empty string."""
    employer = posting.get("hiringOrganization")
    name = employer.get("name") if isinstance(employer, dict) else employer
    return name if isinstance(name, str) else ""
