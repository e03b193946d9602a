"""Read ads from saved JSON responses of job boards, recognized by their keys.

Greenhouse, Ashby and Workable: {"jobs": [...]}; Lever: a list of objects with `lists`; RemoteOK:
a list that starts with a legal notice; schema.org JobPosting; and plain {"title", "text"}.
"""

from __future__ import annotations

import html as entities
from collections.abc import Iterator, Mapping
from typing import Any

from worksample.errors import PostingError
from worksample.messages import message
from worksample.postings.html import html_to_text, looks_like_html
from worksample.postings.jsonld import job_postings, parse_leniently, posting_body, posting_company
from worksample.postings.model import Source

_TITLE_KEYS = ("title", "position", "text", "name")
_BODY_KEYS = (
    "content", "descriptionHtml", "full_description", "description", "descriptionPlain",
    "text", "body", "job_description",
)  # fmt: skip
_COMPANY_KEYS = ("company_name", "company", "companyName", "organization")


def looks_like_json(name: str, text: str) -> bool:
    """Return whether the file is named as JSON or its text starts like a JSON object or list."""
    if name.endswith((".json", ".jsonl")):
        return True
    head = text.lstrip()[:200].replace(" ", "").replace("\n", "")
    return head.startswith(('{"', "{}", "[{", "[]", "{'", '["'))


def is_json_line(line: bytes) -> bool:
    """Return whether the line contains one complete JSON object (JSON Lines)."""
    stripped = line.strip()
    return stripped.startswith(b"{") and stripped.endswith(b"}") and line.endswith((b"\n", b"}"))


def ad_from_line(name: str, line: bytes) -> Source:
    """Return the ad in one line of JSON Lines. Raises PostingError if there is none."""
    try:
        data = parse_leniently(line.decode("utf-8"))
    except ValueError as error:
        raise PostingError(
            message("{name} is not JSON: {error}.", name=name, error=error),
            hint="Write one JSON object per line.",
        ) from error
    source = _source(name, data) if isinstance(data, dict) else None
    if source is None:
        raise _no_ad_error(name)
    return source


def ads_from_json(name: str, text: str) -> Iterator[Source]:
    """Yield every ad in a saved job-board response. Raises PostingError if there is none."""
    try:
        data = parse_leniently(text)
    except ValueError as error:
        raise PostingError(
            message("{name} is not valid JSON: {error}.", name=name, error=error),
            hint="Save the complete response of the job board, or the ad as text.",
        ) from error
    entries = list(_entries(data))
    found = [s for e in entries if (s := _source(name, e)) is not None]
    if not found:
        raise _no_ad_error(name)
    for number, source in enumerate(found, start=1):
        label = f"{name}#{number}" if len(found) > 1 else name
        yield Source(label, source.text, source.title, source.company)


def _no_ad_error(name: str) -> PostingError:
    return PostingError(
        message("{name} is JSON, but contains no job ad.", name=name),
        hint="Supported: schema.org JobPosting, saved Greenhouse, Lever, Ashby, Workable and"
        ' RemoteOK responses, and {"title": ..., "text": ...}.',
    )


def _entries(data: Any) -> Iterator[Mapping[str, Any]]:
    postings = list(job_postings(data))
    if postings:
        yield from postings
        return
    if isinstance(data, dict):
        listed = data.get("jobs", data.get("postings", data.get("results")))
        data = listed if isinstance(listed, list) else [data]
    yield from (entry for entry in data if isinstance(entry, dict))


def _source(name: str, entry: Mapping[str, Any]) -> Source | None:
    if "JobPosting" in str(entry.get("@type", "")):
        title, body, company = (
            _first(entry, ("title", "name")),
            posting_body(entry),
            posting_company(entry),
        )
    elif isinstance(entry.get("lists"), list) or (
        "descriptionPlain" in entry and "categories" in entry
    ):
        title, body, company = _first(entry, ("text", "title")), _lever_body(entry), ""
    else:
        title, body, company = (
            _first(entry, _TITLE_KEYS),
            _first(entry, _BODY_KEYS),
            _first(entry, _COMPANY_KEYS),
        )
    body = _as_text(body)
    if not body.strip() or body.strip() == title:
        return None
    return Source(name, _with_title(title, body), title, company)


def _lever_body(entry: Mapping[str, Any]) -> str:
    parts = [_first(entry, ("description", "descriptionPlain", "opening"))]
    for section in entry.get("lists") or []:
        if isinstance(section, dict):
            content = str(section.get("content", ""))
            items = content if "<ul" in content else f"<ul>{content}</ul>"
            parts.append(f"<h3>{entities.escape(str(section.get('text', '')))}</h3>{items}")
    parts.append(_first(entry, ("additional", "additionalPlain")))
    return "".join(f"<div>{part}</div>" for part in parts)


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = entry.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _as_text(body: str) -> str:
    return html_to_text(body) if looks_like_html(body) else entities.unescape(body)


def _with_title(title: str, body: str) -> str:
    first = next((line for line in body.splitlines() if line.strip()), "")
    if not title or title.casefold() == first.strip("#* ").casefold():
        return body
    return f"# {title}\n\n{body}"
