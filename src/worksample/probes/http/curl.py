"""Export exchanges as shell commands (bash or zsh) with curl and jq."""

from __future__ import annotations

import base64
import re
import shlex
import zlib
from collections.abc import Sequence

import orjson

from worksample.probes.exchange import Exchange
from worksample.probes.http.bindings import Parts, Template, Use, templates
from worksample.probes.http.values import Encoding, Path

PLAIN_TARGET = re.compile(rb"/[!-\"$-~]*")
# Characters that are special to a shell inside double quotes, or are not printable ASCII.
UNSAFE = re.compile(rb"[^ -~]|[\"$`\\!]")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Longer bodies are compressed: Linux limits one argument to 128 KiB, and nobody reads them.
MAX_BODY = 4096
MOST_BEFORE_EXPECT = 1024 * 1024
FILTERS = {
    Encoding.HEADER: "",
    Encoding.JSON: "|tojson",
    Encoding.PATH: "|@uri",
    Encoding.QUERY: "|@uri",
}
SUFFIXES = {
    Encoding.HEADER: "",
    Encoding.JSON: "_JSON",
    Encoding.PATH: "_URI",
    Encoding.QUERY: "_URI",
}


def as_curl(exchanges: Sequence[Exchange], base_url: str = "http://127.0.0.1:8000") -> str:
    """Return shell commands that send the requests of `exchanges`, in order, to `$BASE`.

    `$BASE` defaults to `base_url`. Server-generated values are read from the answers with jq. All
    literals are quoted for the shell, and the result contains no control characters. A request
    that curl cannot send (a NUL in its head) becomes a comment.
    """
    plan = templates(exchanges)
    captures: dict[int, dict[str, Use]] = {}
    for template in plan:
        for use in template.uses():
            captures.setdefault(use.binding.exchange, {})[variable(use)] = use
    blocks = [f"BASE=${{BASE:-{shlex.quote(base_url)}}}"]
    for number, (exchange, template) in enumerate(zip(exchanges, plan, strict=True)):
        blocks.append(_block(number, exchange, template, captures.get(number, {})))
    return "\n\n".join(blocks) + "\n"


def variable(use: Use) -> str:
    """Return the name of the shell variable for a value in the encoding of `use`."""
    number = isinstance(use.binding.value, int)
    return use.binding.name if number else use.binding.name + SUFFIXES[use.encoding]


def _filter(use: Use) -> str:
    return "" if isinstance(use.binding.value, int) else FILTERS[use.encoding]


def quoted(data: bytes) -> str:
    """Return `data` (without NUL) as one bash or zsh word of printable ASCII or UTF-8."""
    try:
        text = data.decode("utf-8")
        if text.isprintable():
            return shlex.quote(text)
    except UnicodeDecodeError:
        pass
    return "$'" + "".join(_escaped(byte) for byte in data) + "'"


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and byte not in b"'\\!" else f"\\{byte:03o}"


def _block(number: int, exchange: Exchange, template: Template, captured: dict[str, Use]) -> str:
    lines = [f"# {title(number, exchange)}"]
    if b"\0" in _head(template):
        return f"{lines[0]}\n# curl cannot send this request: its head contains a NUL"
    command = _command(template, show_head=not captured)
    if not captured:
        return "\n".join([*lines, command])
    answer = f"ANSWER_{number + 1}"
    lines += [f"{answer}=$({command})", f"printf '%s\\n' \"${answer}\""]
    for name, use in captured.items():
        path = jq_path(use.binding.path) + _filter(use)
        lines.append(f"{name}=$(printf '%s' \"${answer}\" | jq -r {shlex.quote(path)})")
    return "\n".join(lines)


def title(number: int, exchange: Exchange) -> str:
    """Return a one-line title: number, label (or request line) and result of an exchange."""
    label = exchange.label[:200] or f"{exchange.request.method} {exchange.request.target[:80]}"
    line = f"{number + 1}. {label} -> {exchange.trouble or exchange.status}"
    return "".join(char if char.isprintable() else "?" for char in line)


def _head(template: Template) -> bytes:
    parts: list[bytes | Use] = [template.method.encode("latin-1"), *template.target]
    for name, value in template.headers:
        parts += [name.encode("latin-1"), *value]
    return b"".join(part for part in parts if isinstance(part, bytes))


def _command(template: Template, *, show_head: bool) -> str:
    words = ["curl -sS", "-i" if show_head else "-w '%{stderr}%{http_code}\\n'"]
    words += _method(template)
    words += _url(template.target)
    words += [_header(name, value) for name, value in template.headers]
    feed, data = _body(template)
    return " ".join([*feed, *words, *data])


def _method(template: Template) -> list[str]:
    if template.method == "HEAD" and not template.body:
        return ["--head"]
    if template.method == "GET" and not template.body:
        return []
    return [f"-X {quoted(template.method.encode('latin-1'))}"]


def _url(target: Parts) -> list[str]:
    literal = b"".join(part if isinstance(part, bytes) else b"x" for part in target)
    if not PLAIN_TARGET.fullmatch(literal):
        return [f"--request-target {_joined(target)}", '"$BASE"']
    options = ["--path-as-is"] if b"/." in literal else []
    options += ["--globoff"] if re.search(rb"[\[\]{}]", literal) else []
    return [*options, _joined(target, "$BASE")]


def _header(name: str, value: Parts) -> str:
    if not value:
        return f"-H {quoted(name.encode('latin-1') + b';')}"
    start = name.encode("latin-1") + b": "
    first = value[0]
    parts = (start + first, *value[1:]) if isinstance(first, bytes) else (start, *value)
    return f"-H {_joined(parts)}"


def _body(template: Template) -> tuple[list[str], list[str]]:
    names = {name.lower() for name, _ in template.headers}
    if not template.body:
        missing = template.method in ("POST", "PUT", "PATCH") and "content-length" not in names
        return [], ["-H 'Content-Type:'"] * ("content-type" not in names) + [
            "--data-raw ''"
        ] if missing else []
    words = [] if "content-type" in names else ["-H 'Content-Type:'"]
    literal = b"".join(part for part in template.body if isinstance(part, bytes))
    words += ["-H 'Expect:'"] if len(literal) >= MOST_BEFORE_EXPECT else []
    if len(literal) <= MAX_BODY and _is_text(literal):
        return [], [*words, f"--data-raw {_joined(template.body)}"]
    return [_pipe(template.body)], [*words, "--data-binary @-"]


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _pipe(body: Parts) -> str:
    """Return the start of a pipe that writes `body`: escaped, or compressed if it is long."""
    if sum(len(part) for part in body if isinstance(part, bytes)) <= MAX_BODY:
        return "{ " + " ".join(f"{_printed(part)};" for part in body) + " } |"
    return "{ " + " ".join(f"{_unpacked(part)};" for part in body) + " } |"


def _printed(part: bytes | Use) -> str:
    if isinstance(part, Use):
        return f"printf '%s' \"${variable(part)}\""
    text = "".join("%%" if byte == 37 else _escaped(byte) for byte in part)
    return f"printf '{text.replace('-', chr(92) + '055', 1) if text[:1] == '-' else text}'"


def _unpacked(part: bytes | Use) -> str:
    if isinstance(part, Use):
        return _printed(part)
    packer = zlib.compressobj(9, wbits=31)
    packed = base64.b64encode(packer.compress(part) + packer.flush()).decode()
    return f"printf '%s' '{packed}' | base64 -d | gunzip"


def _joined(parts: Parts, before: str = "") -> str:
    """Return `parts` as one shell word, in double quotes if that needs no escapes.

    `before` is text in front of it that is valid inside double quotes.
    """
    holes = bool(before) or any(isinstance(part, Use) for part in parts)
    literal = b"".join(part for part in parts if isinstance(part, bytes))
    if holes and not UNSAFE.search(literal):
        inner = (part.decode() if isinstance(part, bytes) else _hole(part) for part in parts)
        return f'"{before}{"".join(inner)}"'
    words = [quoted(part) if isinstance(part, bytes) else f'"{_hole(part)}"' for part in parts]
    return "".join([f'"{before}"' if before else "", *words])


def _hole(use: Use) -> str:
    return f"${{{variable(use)}}}"


def jq_path(path: Path) -> str:
    """Return the jq filter for a path into a JSON document."""
    return "".join(_jq_step(step) for step in path) or "."


def _jq_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if WORD.fullmatch(step) else f".[{orjson.dumps(step).decode()}]"
