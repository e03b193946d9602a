"""Bindings of server-generated values, replay, and export as curl and as an `.http` file."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable

import orjson
import pytest

from tests.support.hostile import Connection, Handler, HostileServer, ok_response, respond_always
from worksample.probes.exchange import Exchange, Request, Response
from worksample.probes.http import HttpClient, Session, as_curl, as_http_file, json_request, replay
from worksample.probes.http.bindings import templates

JSON = (("Content-Type", "application/json"),)


def exchange(request: Request, payload: object = None) -> Exchange:
    body = b"" if payload is None else orjson.dumps(payload)
    return Exchange(request, Response(200, JSON, body))


def holes(*exchanges: Exchange) -> list[list[tuple[str, str]]]:
    """Return (name, encoding) of the placeholders in each request."""
    return [
        [(use.binding.name, use.encoding.name) for use in template.uses()]
        for template in templates(exchanges)
    ]


def get(target: str, *headers: tuple[str, str]) -> Request:
    return Request("GET", target, headers)


SIGN_UP = json_request("POST", "/users", {"email": "ada@example.org", "name": "ada_123456"})
MADE = {"user": {"email": "ada@example.org", "name": "ada_123456", "token": "tok.en-1", "id": 7}}


def test_binds_server_generated_token_id_and_slug_wherever_they_are_reused() -> None:
    found = holes(
        exchange(SIGN_UP, MADE),
        exchange(
            json_request(
                "POST", "/a", {"owner": "tok.en-1"}, headers=(("Authorization", "Token tok.en-1"),)
            ),
            {"slug": "über-123"},
        ),
        exchange(get("/users/7/a/%C3%BCber-123?after=tok.en-1", ("Cookie", "sid=tok.en-1; a=b"))),
    )
    assert found == [
        [],
        [("TOKEN", "HEADER"), ("TOKEN", "JSON")],
        [("USER_ID", "PATH"), ("SLUG", "PATH"), ("TOKEN", "QUERY"), ("TOKEN", "HEADER")],
    ]


@pytest.mark.parametrize(
    "later",
    [
        get("/profiles/ada_123456"),
        get("/find?email=ada%40example.org"),
        json_request("PUT", "/users", {"email": "ada@example.org"}),
    ],
)
def test_does_not_bind_values_that_a_request_sent_first(later: Request) -> None:
    assert holes(exchange(SIGN_UP, MADE), exchange(later)) == [[], []]


def test_does_not_bind_short_words_prose_counts_or_keys() -> None:
    first = exchange(
        get("/"),
        {
            "kind": "short",
            "text": "two words-1",
            "count": 3,
            "plain": "article",
            "made": "key-12345",
        },
    )
    later = exchange(Request("POST", "/3/short/article", (), b'{"key-12345": "two words-1"}'))
    assert holes(first, later) == [[], []]


def test_binds_path_id_to_latest_id_of_the_resource_in_the_path() -> None:
    user = exchange(get("/me"), {"user": {"id": 1}})
    comment = exchange(get("/c"), {"comment": {"id": 1, "author": {"id": 1}}})
    found = templates([user, comment, exchange(get("/comments/1")), exchange(get("/users/1"))])
    assert [use.binding.path for use in found[2].uses()] == [("comment", "id")]
    assert [use.binding.path for use in found[3].uses()] == [("user", "id")]


def test_does_not_bind_values_of_non_json_body() -> None:
    first = Exchange(get("/"), Response(200, (), b"tok.en-1"))
    assert holes(first, exchange(get("/tok.en-1"))) == [[], []]


# A server with different tokens, slugs and ids after every start.


def shop(seed: str) -> Handler:
    """Return a server script (sign up, publish, read) with generated values."""
    numbers = itertools.count(int(seed) * 100)

    def handler(connection: Connection) -> None:
        while True:
            raw = connection.read_request()
            connection.send(ok_response(orjson.dumps(_shop(raw, seed, next(numbers)))))

    return handler


def _shop(raw: bytes, seed: str, number: int) -> object:
    line = raw.split(b"\r\n")[0]
    if line.startswith(b"POST /users"):
        return {"user": {"token": f"token' $(x)-{seed}".replace(" ", "_")}}
    if line.startswith(b"POST /articles"):
        return {"article": {"slug": f"ünter wegs/{seed}".replace(" ", "-"), "id": number}}
    right = f"token'_$(x)-{seed}".encode() in raw and f"%2F{seed}".encode() in line
    return {"right": right}


async def run_story(url: str) -> list[Exchange]:
    """Run the story once and return its exchanges."""
    client = HttpClient(url)
    session = Session(client)
    user = await session.exchange(json_request("POST", "/users", {"name": "ada"}))
    token = _leaf(user, "user", "token")
    auth = (("Authorization", f"Bearer {token}"),)
    made = await session.exchange(json_request("POST", "/articles", {"t": "x"}, headers=auth))
    slug = "%C3%BCnter-wegs%2F" + _leaf(made, "article", "slug").rpartition("/")[2]
    target = f"/articles/{slug}/comments/{_leaf(made, 'article', 'id')}?q=a%20b"
    await session.exchange(json_request("PUT", target, {"by": token, "$": "`'"}, headers=auth))
    await client.aclose()
    return session.exchanges


def _leaf(done: Exchange, *path: str) -> str:
    assert done.response is not None
    value = done.response.json()
    for key in path:
        value = value[key]
    return str(value)


@pytest.fixture
def story() -> list[Exchange]:
    with HostileServer(shop("1")) as server:
        return asyncio.run(run_story(server.url))


def last_answer(requests: list[bytes]) -> object:
    return _shop(requests[-1], "2", 0)


def test_replay_substitutes_values_of_the_new_run(story: list[Exchange]) -> None:
    async def again(url: str) -> list[Exchange]:
        client = HttpClient(url)
        done = await replay(story, client)
        await client.aclose()
        return done

    with HostileServer(shop("2")) as server:
        done = asyncio.run(again(server.url))
    assert _leaf(done[2], "right") == "True"
    assert done[2].request.target == "/articles/%C3%BCnter-wegs%2F2/comments/201?q=a%20b"


needs_curl = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "jq"))), reason="requires bash, curl and jq"
)


def run_script(handler: str, url: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail"],
        input=handler.encode(),
        env={"BASE": url, "PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        timeout=30,
        check=True,
    )


@needs_curl
def test_curl_commands_work_against_fresh_server(story: list[Exchange]) -> None:
    with HostileServer(shop("2")) as server:
        output = run_script(as_curl(story), server.url).stdout
    assert b'{"right":true}' in output
    assert b"/articles/%C3%BCnter-wegs%2F2/comments/201?q=a%20b" in server.requests[2]


def test_http_file_names_steps_and_references_their_responses(story: list[Exchange]) -> None:
    text = as_http_file(story)
    assert "@base = http://127.0.0.1:8000" in text
    assert "# @name step1\nPOST {{base}}/users HTTP/1.1" in text
    assert "Authorization: Bearer {{step1.response.body.$.user.token}}" in text
    assert "/comments/{{step2.response.body.$.article.id}}?q=a%20b HTTP/1.1" in text
    assert '{"by":"{{step1.response.body.$.user.token}}"' in text
    assert "step3" not in text


ODD = [
    get("/"),
    get("/a/../b/./c?x=[1-3]&y={a,b}&z=\"'$`\\"),
    get("/with space and \x01\x1b[31m \xc3\xa9 \xff#fragment"),
    get("*"),
    get("//double"),
    get("/?"),
    get("/h", ("X-Empty", ""), ("X-Odd", "'\"$(id)`id`\\ !\x1b[2J\xe9"), ("x-odd", "again")),
    Request("POST", "/"),
    Request("DELETE", "/"),
    Request("BREW", "/", (), b"x"),
    Request("GET", "/", (), b"@/etc/passwd"),
    Request("POST", "/", (), b"-n %s %% \\n \\\\ 'quoted' \"x\" !"),
    Request("POST", "/", (("Content-Type", "text/x"),), bytes(range(256))),
    Request("POST", "/", (), b"-\x00-%"),
    Request("POST", "/", (), b'{"unicode": "\xc3\xa9\xe2\x80\xa8", "lone": "\\ud800"}\r\n\r\n'),
    Request("POST", "/", JSON, b"[" * 20_000),
    Request("PUT", "/", (), b"0123456789abcdef" * 131_072),
    Request("OPTIONS", "/", (("Host", "else.where"),)),
]


def essence(raw: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Return (request line, sorted headers, body), without headers that curl adds."""
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *headers = head.split(b"\r\n")
    added = re.compile(rb"(User-Agent: curl|Accept: \*/\*|Host: 127)")
    kept = sorted(one.rstrip() for one in headers if not added.match(one))
    return line, kept, body


def send_with_client(requests: list[Request], url: str) -> None:
    async def scene() -> None:
        client = HttpClient(url)
        for request in requests:
            await client.send(request)
        await client.aclose()

    asyncio.run(scene())


@needs_curl
def test_curl_sends_the_same_bytes_as_the_client() -> None:
    handler = as_curl([Exchange(one, Response(200, (), b"")) for one in ODD])
    assert "".join(handler.split("\n")).isprintable()
    with HostileServer(respond_always(ok_response())) as direct:
        send_with_client(ODD, direct.url)
    with HostileServer(respond_always(ok_response())) as by_curl:
        run_script(handler, by_curl.url)
    assert [essence(raw) for raw in by_curl.requests] == [essence(raw) for raw in direct.requests]


@pytest.mark.parametrize("form", [as_curl, as_http_file])
def test_output_is_printable_and_stays_inside_comments(
    form: Callable[[list[Exchange]], str],
) -> None:
    evil = Exchange(
        get("/\x1b[2J", ("X\x1b", "\x1b]0;title\x07")),
        Response(200, (("X", "\x1b[31m"),), b"\x1b[2J"),
        label="says\n\x1b[2J rm -rf /",
    )
    text = form([evil])
    assert "".join(text.split("\n")).isprintable()
    assert not any(line.startswith(("rm", "\x1b")) for line in text.split("\n"))


def test_comments_on_requests_that_the_format_cannot_express() -> None:
    nul = Exchange(get("/\0"), Response(400, (), b""))
    assert "curl cannot send this request" in as_curl([nul])
    assert "cannot contain this target" in as_http_file([nul])
    binary = Exchange(Request("POST", "/", (), b"\xff\0"), Response(400, (), b""))
    assert "use the curl format" in as_http_file([binary])


@needs_curl
def test_jq_reads_keys_with_special_characters() -> None:
    key = "we\"ird'$key.[0]"
    first = exchange(get("/"), {key: [{"made": "value-12345"}]})
    handler = as_curl([first, exchange(get("/value-12345"))])
    answer = ok_response(json.dumps({key: [{"made": "other-54321"}]}).encode())
    with HostileServer(respond_always(answer)) as server:
        run_script(handler, server.url)
    assert server.requests[1].startswith(b"GET /other-54321 ")
