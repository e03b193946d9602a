"""Export exchanges as an `.http` file for VS Code's REST Client and similar tools."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worksample.probes.exchange import Exchange
from worksample.probes.http.bindings import Parts, Template, Use, encode_value, templates
from worksample.probes.http.curl import title
from worksample.probes.http.values import Encoding, Path

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TARGET = re.compile(r"/[!-~]*")
MAX_BODY = 64 * 1024
NO_BODY = "# An .http file cannot contain this request body; use the curl format.\n"
NO_HEAD = "# An .http file cannot contain this target or header; use the curl format.\n"


def as_http_file(exchanges: Sequence[Exchange], base_url: str = "http://127.0.0.1:8000") -> str:
    """Return an `.http` file that sends the requests of `exchanges`, in order, to `@base`.

    Server-generated values are taken from the answers. A request that the format cannot express is
    replaced by a comment.
    """
    plan = templates(exchanges)
    named = {use.binding.exchange for template in plan for use in template.uses()}
    blocks = [f"@base = {base_url}\n"]
    for number, (exchange, template) in enumerate(zip(exchanges, plan, strict=True)):
        name = f"# @name step{number + 1}\n" if number in named else ""
        blocks.append(f"### {title(number, exchange)}\n{_request(name, template)}")
    return "\n".join(blocks)


def _request(name: str, template: Template) -> str:
    target = _text(template.target)
    headers = [(key, _text(value)) for key, value in template.headers]
    if not _is_head(template.method, target, headers):
        return NO_HEAD
    body = _text(template.body)
    if not _is_body(body):
        return NO_BODY
    lines = [f"{template.method} {{{{base}}}}{target} HTTP/1.1"]
    lines += [f"{key}: {value}" for key, value in headers]
    return name + "\n".join(lines) + "\n" + (f"\n{body}\n" if body else "")


def _is_head(method: str, target: str | None, headers: list[tuple[str, str | None]]) -> bool:
    if target is None or not TARGET.fullmatch(target) or not method.isalpha():
        return False
    return all(value is not None and (key + value).isprintable() for key, value in headers)


def _is_body(body: str | None) -> bool:
    if body is None or len(body) > MAX_BODY or re.search(r"^(###|<|#)", body, re.MULTILINE):
        return False
    return "".join(body.split("\n")).isprintable()


def _text(parts: Parts) -> str | None:
    try:
        return "".join(
            part.decode("utf-8") if isinstance(part, bytes) else _reference(part) for part in parts
        )
    except UnicodeDecodeError:
        return None


def _reference(use: Use) -> str:
    path = _json_path(use.binding.path)
    if path is None:
        return encode_value(use).decode("utf-8")
    reference = f"{{{{step{use.binding.exchange + 1}.response.body.{path}}}}}"
    return f'"{reference}"' if use.encoding is Encoding.JSON else reference


def _json_path(path: Path) -> str | None:
    if not all(isinstance(step, int) or WORD.fullmatch(step) for step in path):
        return None
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
