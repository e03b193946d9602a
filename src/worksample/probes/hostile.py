"""Hostile input: a valid request with one thing wrong at a time.

Every kind of input here has crashed a real server (OWASP API4:2023 and API8:2023). Each function
yields (name, request) pairs; findings show the name.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import orjson

from worksample.messages import message
from worksample.probes.exchange import Request

NamedRequests = Iterator[tuple[str, Request]]


@dataclass(frozen=True, slots=True)
class HeaderGroup:
    """A request with several odd headers, and by name the requests that have one of them each."""

    together: Request
    alone: Sequence[tuple[str, Request]]


DEPTH = 20_000
LONG_FIELD = 5_000
LARGE_BODY = 2 * 1024 * 1024
JSON = ("Content-Type", "application/json")
#: Headers that have functions of their own here, or that are not the operation's.
_COMMON_HEADERS = ("authorization", "content-type", "content-length")


def with_body(request: Request, body: bytes, *headers: tuple[str, str]) -> Request:
    """Return `request` with `body`; `headers` replace those of the same name."""
    names = {name.lower() for name, _ in headers} | {"content-length"}
    kept = tuple(pair for pair in request.headers if pair[0].lower() not in names)
    return replace(request, body=body, headers=(*kept, *headers))


def with_header(request: Request, name: str, value: str) -> Request:
    """Return `request` with the header `name` set to `value`."""
    return with_body(request, request.body, (name, value))


def malformed(request: Request) -> NamedRequests:
    """Bodies that are not JSON."""
    body = request.body
    yield "a truncated body", with_body(request, body[: len(body) // 2], JSON)
    yield "an empty body", with_body(request, b"", JSON)
    yield "a plain-text body", with_body(request, b"hello", JSON)
    yield "a trailing comma", with_body(request, body[:-1] + b",}", JSON)
    yield "invalid UTF-8 in a string", with_body(request, _corrupted(body, b"\xff\xfe\xc3"), JSON)
    yield "a control character in a string", with_body(request, _corrupted(body, b"\x01"), JSON)


def other_shapes(request: Request) -> NamedRequests:
    """JSON other than the object that the contract requires, or other than its wrapper member."""
    wrapper = _wrapper_of(orjson.loads(request.body))
    for value in (b"null", b"[]", b'"text"', b"7", b"true", b"{}"):
        yield message("the body {value}", value=value.decode()), with_body(request, value, JSON)
    if wrapper is None:
        return
    for inner in (b"null", b"[]", b'"text"', b"7"):
        body = b'{"%s":%s}' % (wrapper.encode(), inner)
        yield (
            message("`{wrapper}` set to {inner}", wrapper=wrapper, inner=inner.decode()),
            with_body(request, body, JSON),
        )


def wrong_types(request: Request) -> NamedRequests:
    """Each field in turn with values of the other JSON types."""
    payload = orjson.loads(request.body)
    fields = _fields_of(payload)
    for field, right in fields.items():
        wrong: tuple[Any, ...] = (7, -1.5, True, [], {}, ["x"], {"x": {}}, [None])
        for value in wrong:
            if isinstance(value, list) and isinstance(right, list) and value != [None]:
                continue
            name = message(
                "`{field}` set to {value}", field=field, value=orjson.dumps(value).decode()
            )
            yield name, _with_field(request, payload, field, value)


def odd_texts(request: Request) -> NamedRequests:
    """Each string field in turn with characters that databases and encoders often reject."""
    kinds = {
        "a NUL character": rb"a\u0000b",
        "a lone high surrogate": rb"a\ud83db",
        "a lone low surrogate": rb"\udc00",
        message("{length} characters", length=LONG_FIELD): b"x" * LONG_FIELD,
        "a right-to-left override and a line separator": rb"a\u202eb\u2028c",
    }
    payload = orjson.loads(request.body)
    fields = _fields_of(payload)
    for field, right in fields.items():
        if not isinstance(right, str | list):
            continue
        marker = "@@marker@@" if isinstance(right, str) else ["@@marker@@"]
        template = _with_field(request, payload, field, marker)
        for name, text in kinds.items():
            yield (
                message("{name} in `{field}`", name=name, field=field),
                with_body(request, template.body.replace(b"@@marker@@", text), JSON),
            )


def odd_numbers(request: Request) -> NamedRequests:
    """Numbers beyond the range of common number types, and NaN and Infinity (not JSON)."""
    payload = orjson.loads(request.body)
    fields = _fields_of(payload)
    field = next(iter(fields))
    template = _with_field(request, payload, field, "@@marker@@")
    for text in (b"1e400", b"-1e400", b"1" * 400, b"-0", b"1e-400", b"NaN", b"Infinity"):
        body = template.body.replace(b'"@@marker@@"', text)
        yield (
            message("`{field}` set to {text}", field=field, text=text[:12].decode()),
            with_body(request, body, JSON),
        )


def deep(request: Request) -> NamedRequests:
    """Nesting deeper than a parser's stack (CWE-674)."""
    payload = orjson.loads(request.body)
    outermost = next(iter(payload)).encode()
    lists = b"[" * DEPTH + b"]" * DEPTH
    objects = b'{"a":' * DEPTH + b"1" + b"}" * DEPTH
    yield message("{depth} nested lists", depth=DEPTH), with_body(request, lists, JSON)
    yield message("{depth} nested objects", depth=DEPTH), with_body(request, objects, JSON)
    inside = b'{"%s":%s}' % (outermost, lists)
    where = f"`{outermost.decode()}`" if _wrapper_of(payload) is None else "the wrapper"
    yield (
        message("{depth} nested lists inside {where}", depth=DEPTH, where=where),
        with_body(request, inside, JSON),
    )
    yield message("{depth} unclosed brackets", depth=DEPTH), with_body(request, b"[" * DEPTH, JSON)


def content_types(request: Request) -> NamedRequests:
    """A valid body with a missing, wrong or malformed content type."""
    bare = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
    yield "no content type", replace(request, headers=bare)
    for value in (
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-7",
        "application/json; charset=no-such-charset",
        "application/json; charset=",
        "application/json; charset=utf-16",
        "application/",
        ";;;",
        "x" * 2000,
    ):
        yield (
            message("content type {value}", value=value[:50]),
            with_header(request, "Content-Type", value),
        )


def content_encodings(request: Request) -> NamedRequests:
    """Bodies whose Content-Encoding does not match their content."""
    for value in ("gzip", "deflate", "br", "zstd", "identity, gzip", "no-such-coding"):
        yield (
            message("Content-Encoding: {value} on a body without it", value=value),
            with_header(request, "Content-Encoding", value),
        )
    yield (
        "a gzip header without data",
        with_body(request, b"\x1f\x8b\x08\x00", JSON, ("Content-Encoding", "gzip")),
    )


#: Invalid values of headers that frameworks read by default, in groups that one request can hold:
#: a server that reads one of a group reads the others, too.
_ODD_HEADERS: tuple[dict[str, str], ...] = (
    {
        "Accept": "image/png;q=abc, */*;q=9",
        "Accept-Language": "x" * 1000,
        "Accept-Charset": "no-such-charset",
        "Cookie": '=;;=\xff; a="b; c',
        "Range": "bytes=5-1,-0,x",
        "If-None-Match": '"\xe4',
        "X-HTTP-Method-Override": "DELETE",
        "Forwarded": "for=;;",
        "Origin": "null\xff",
        "User-Agent": "\xff\xfe",
        "Content-Language": "\xe9",
        "Traceparent": "00-zz",
    },
    {
        "If-Modified-Since": "yesterday",
        "X-Forwarded-For": "not an address",
        "X-Forwarded-Proto": "gopher",
        "Referer": "http://[",
    },
)


def odd_headers(request: Request) -> Iterator[HeaderGroup]:
    """Invalid values in headers that frameworks read by default, and in those of the operation."""
    for group in _ODD_HEADERS:
        yield _header_group(request, tuple(group.items()))
    own = [name for name, _ in request.headers if name.lower() not in _COMMON_HEADERS]
    for header in product(own, ("\xff\xfe", "", "x" * 5000, "a, b; c")):
        yield _header_group(request, (header,))


def _header_group(request: Request, headers: Sequence[tuple[str, str]]) -> HeaderGroup:
    alone = [
        (f"{name}: {value[:30]!r}", with_header(request, name, value)) for name, value in headers
    ]
    return HeaderGroup(with_body(request, request.body, *headers), alone)


def odd_authorization(request: Request, scheme: str = "Token") -> NamedRequests:
    """Authorization headers without a valid token; `scheme` is the one of the contract.

    An operation without a token gets one of each kind only: what parses its header, if anything,
    parses that of all operations.
    """
    of_each_kind = (scheme, f"{scheme} a.b.c", f"{scheme} \xff\xfe", "Basic %%%")
    others = (
        "",
        f"{scheme} ",
        "Bearer",
        f"{scheme} null",
        f"{scheme} undefined",
        f"{scheme} ..",
        f"{scheme} eyJhbGciOiJIUzI1NiJ9.e30.",
        f"{scheme} " + "A" * 6000,
        "Basic Zm9vOmJhcg==",
        f"{scheme} a b c",
        'Digest username="x"',
    )
    has_token = any(name.lower() == "authorization" for name, _ in request.headers)
    for value in (*of_each_kind, *others) if has_token else of_each_kind:
        yield (
            message("Authorization: {value}", value=repr(value[:24])),
            with_header(request, "Authorization", value),
        )


def odd_segments() -> Iterator[tuple[str, str]]:
    """Yield (name, raw segment): path segments that decoders and databases often reject."""
    yield "invalid UTF-8", "%FF%FE"
    yield "a NUL character", "a%00b"
    yield "an encoded slash", "a%2Fb"
    yield "a bare percent sign", "100%"
    yield "a truncated percent-escape", "a%2"
    yield "a path traversal", "..%2f..%2fetc%2fpasswd"
    yield "3000 characters", "x" * 3000
    yield "an overlong encoding", "%C0%AF"
    yield "a surrogate in UTF-8", "%ED%A0%80"
    yield "an emoji", "%F0%9F%A6%80"
    yield "a quote and a semicolon", "a%27%3B--"
    yield "only a space", "%20"


def odd_ids() -> Iterator[tuple[str, str]]:
    """Yield (name, raw segment): invalid or nonexistent ids."""
    for text in (
        "0",
        "-1",
        "1.5",
        "1e3",
        "NaN",
        "abc",
        "0x10",
        "9" * 10,
        "9" * 19,
        "9" * 30,
        "%00",
    ):
        yield message("the id {text}", text=text[:12]), text


def odd_queries(numbers: tuple[str, ...], texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield (name, raw query): invalid values for the parameters `numbers` and `texts`."""
    for name in numbers:
        for value in ("-1", "abc", "", "1.5", "1e3", "9" * 20, "-" + "9" * 20, "NaN", "%00", "%FF"):
            yield f"{name}={value[:12]}", f"{name}={value}"
        yield message("{name} twice", name=name), f"{name}=1&{name}=2"
        yield message("{name} as a list", name=name), f"{name}[]=1"
    for name in texts:
        for value in ("%00", "%FF", "%ED%A0%80", "%", "x" * 4000, "%F0%9F%A6%80"):
            yield f"{name}={value[:12]}", f"{name}={value}"
        yield message("{name} twice", name=name), f"{name}=a&{name}=b"
        yield message("{name} as an object", name=name), f"{name}[$ne]=1"
    yield "only separators", "&&==&"


def _wrapper_of(payload: dict[str, Any]) -> str | None:
    """Return the only member of `payload` if that is an object, in which the fields lie."""
    name = next(iter(payload))
    return name if len(payload) == 1 and isinstance(payload[name], dict) else None


def _fields_of(payload: dict[str, Any]) -> dict[str, Any]:
    wrapper = _wrapper_of(payload)
    inner: dict[str, Any] = payload if wrapper is None else payload[wrapper]
    return inner


def _with_field(request: Request, payload: dict[str, Any], field: str, value: Any) -> Request:
    changed = copy.deepcopy(payload)
    _fields_of(changed)[field] = value
    return with_body(request, orjson.dumps(changed), JSON)


def _corrupted(body: bytes, garbage: bytes) -> bytes:
    """Insert `garbage` into the first string value of a JSON body, or else into its first key."""
    found = body.find(b':"')
    at = found + 2 if found >= 0 else body.index(b'"') + 1
    return body[:at] + garbage + body[at:]
