"""What the errors of Go mean, and where in the project's own code they happened.

The logs were printed by Go 1.26.8, pgx 5.7.2, PostgreSQL 18, Gin 1.12.0, chi 5.5.0, Echo 4.16.4 and
Fiber 2.52.15.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from worksample.stacks.base import error_places
from worksample.stacks.building import build_cause
from worksample.targets.causes import start_cause

RECORDED = Path(__file__).parent / "recorded" / "go-panics.txt"
TRACES = {
    name: text
    for part in RECORDED.read_text().split("---- ")[1:]
    for name, _, text in [part.partition("\n")]
}
NIL = "runtime error: invalid memory address or nil pointer dereference"
SHOP = f"/tmp/worksample-run-x/app/internal/shop/shop.go:9: {NIL}"
FRAMEWORKS = "/tmp/worksample-run-x/app/shop/shop.go:3: assignment to entry in nil map"
MAIN = "/tmp/worksample-run-x/app/main.go"
MISSING_PACKAGE = """\
main.go:9:2: no required module provides package github.com/jackc/pgx/v5/pgxpool; to add it:
	go get github.com/jackc/pgx/v5/pgxpool
"""
MISSING_SUM = """\
/cache/pkg/mod/github.com/jackc/pgx/v5@v5.7.2/pgxpool/conn.go:9:2: missing go.sum entry for module \
providing package github.com/jackc/puddle/v2 (imported by github.com/jackc/pgx/v5/pgxpool); to add:
	go get github.com/jackc/pgx/v5/pgxpool@v5.7.2
"""
VENDORED = """\
go: inconsistent vendoring in /tmp/app:
	github.com/jackc/pgx/v5@v5.7.1: is explicitly required in go.mod, but not marked as explicit \
in vendor/modules.txt
"""
REFUSED = """\
verifying github.com/jackc/pgx/v5@v5.7.2: checksum mismatch
	downloaded: h1:mLoDLV6sonKlvjIEsV56SkWNCnuNv531l94GaIzO+XI=
	go.sum:     h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

SECURITY ERROR
"""
NO_HOST = (
    'go: github.com/x/y@v5.0.0: Get "https://nothing.invalid/x.mod": dial tcp: lookup '
    "nothing.invalid on 10.0.0.1:53: no such host\n"
)
NO_DATABASE = """\
2026/11/30 10:03:03 failed to connect to `user=app database=nope`:
	127.0.0.1:15912 (127.0.0.1): tls error: server refused TLS connection
	127.0.0.1:15912 (127.0.0.1): server error: FATAL: database "nope" does not exist \
(SQLSTATE 3D000)
"""
WRONG_PASSWORD = """\
2026/11/30 10:03:08 failed to connect to `user=app database=app`:
	127.0.0.1:14907 (127.0.0.1): tls error: server refused TLS connection
	127.0.0.1:14907 (127.0.0.1): failed SASL auth: FATAL: password authentication failed for user \
"app" (SQLSTATE 28P01)
"""
NO_TABLE = '2026/11/30 10:02:54 ERROR: relation "article" does not exist (SQLSTATE 42P01)\n'
NO_SUCH_HOST = """\
2026/11/30 10:03:15 failed to connect to `user=x database=x`:
	hostname resolving error: lookup db on 10.0.0.1:53: no such host
"""


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("go: go.mod requires go >= 1.27 (running go 1.26.8; GOTOOLCHAIN=local)\n",
         "Go 1.27 is required, which this machine does not have"),
        (MISSING_SUM, "go.sum does not list the module of github.com/jackc/puddle/v2"),
        (MISSING_PACKAGE, "no module in go.mod has the package github.com/jackc/pgx/v5/pgxpool"),
        ("main.go:2:8: package s/internal/none is not in std (/usr/local/go/src/s/internal/none)\n",
         "the package s/internal/none exists neither in Go's library nor in the project"),
        ("main.go:2:8: example.com/lib@v1.0.0: replacement directory ../nolib does not exist\n",
         "replaces a module by the folder ../nolib"),
        (VENDORED, "run go mod vendor"),
        (REFUSED, "is not the one that go.sum describes"),
        (NO_HOST, "nothing.invalid, from which modules are downloaded, could not be reached"),
        ("go: github.com/x/y@v5.0.0: module lookup disabled by GOPROXY=off\n", "GOPROXY=off"),
        ("# s\nruntime.main_main·f: function main is undeclared in the main package\n",
         "needs `package main` and a `func main()`"),
        ("# s\n./main.go:4:2: declared and not used: x\n./main.go:5:2: undefined: foo\n",
         "the Go sources do not compile: see main.go:4"),
    ],
)  # fmt: skip
def test_build_causes(log: str, advice: str) -> None:
    assert advice in build_cause(log, "go-nethttp")


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (NO_DATABASE, "does not use the database that Worksample provides"),
        (WRONG_PASSWORD, "does not use the database that Worksample provides"),
        (NO_SUCH_HOST, "the host db of the database exists only in a network of containers"),
        (NO_TABLE, "the table article is missing: run the migrations first"),
        ("2026/11/30 10:00:00 listen tcp 127.0.0.1:8080: bind: address already in use\n",
         "listens on a port that is already in use: listen on $PORT"),
        (NO_DATABASE.replace('database "nope" does not exist', "sorry, too many clients already"),
         "accepts no more connections (too many clients)"),
        (TRACES["maps"], "guard it by a sync.Mutex"),
    ],
)  # fmt: skip
def test_start_causes(log: str, advice: str) -> None:
    assert advice in start_cause(log, "go-nethttp")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("handler", SHOP),
        ("recovered", SHOP),
        ("json", SHOP),
        ("text", SHOP),
        ("nil", SHOP),
        ("deferred", SHOP),
        ("goroutine", SHOP.replace("9: " + NIL, "12: runtime error: index out of range [3] with "
                                   "length 1")),
        ("library", f"{MAIN}:60: {NIL}"),
        ("maps", f"{MAIN}:68: concurrent map writes"),
        ("gin", FRAMEWORKS),
        ("chi", FRAMEWORKS),
        ("echo", FRAMEWORKS.replace(": ", ": [PANIC RECOVER] ")),
        ("fiber", FRAMEWORKS),
    ],
)  # fmt: skip
def test_place_of_a_panic(name: str, place: str) -> None:
    assert error_places(TRACES[name]) == [place]


def test_every_panic_of_a_log_is_found() -> None:
    assert error_places(TRACES["handler"] + TRACES["json"] + TRACES["text"]) == [SHOP] * 3


def test_frames_of_modules_are_passed_over() -> None:
    log = TRACES["nil"].replace("/tmp/worksample-run-x/app/internal", "/cache/pkg/mod/a@v1")
    assert error_places(log) == [f"{MAIN}:58: {NIL}"]


def test_repanicked_error_has_its_own_place() -> None:
    log = TRACES["deferred"].replace(f"{NIL}\n\tpanic: second", f"{NIL} [recovered, repanicked]")
    assert error_places(log) == [SHOP]


def test_words_before_a_trace_are_its_error() -> None:
    log = TRACES["recovered"].replace("panic: runtime error", "POST /x recovered: error", 1)
    assert error_places(log)[0].endswith(
        "shop.go:9: POST /x recovered: error: invalid memory address or nil pointer dereference"
    )


@pytest.mark.parametrize(
    ("log", "places"),
    [
        ("# s\n./main.go:4:2: declared and not used: x\n./main.go:5:2: undefined: foo\n",
         ["main.go:4: declared and not used: x"]),
        (MISSING_PACKAGE, ["main.go:9: no required module provides package "
                           "github.com/jackc/pgx/v5/pgxpool; to add it:"]),
        ("    cart_test.go:12: got 3\n", []),
        (NO_TABLE, []),
    ],
)  # fmt: skip
def test_place_of_a_compile_error(log: str, places: list[str]) -> None:
    assert error_places(log) == places


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        *("goroutine 1 [", "goroutine 1 [x]:\n", "goroutine 1 [x]:\\n", "a/", "\t/a.go", 'error="'),
        *("/src/runtime/", "panic: ", "/a.go:1 (0x1)\n"),
    ],
)
def test_malformed_trace_takes_no_time(text: str) -> None:
    assert len(error_places(text * (500_000 // len(text)))) <= 1
