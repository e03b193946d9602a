"""Where in the project's own code the error in a log happened."""

from __future__ import annotations

import json

import pytest

from worksample.stacks.base import error_place, error_places

PYTHON = """\
INFO: 127.0.0.1 - "POST /api/users HTTP/1.1" 500
Traceback (most recent call last):
  File "/usr/lib/python3.11/runpy.py", line 86, in _run_code
    exec(code)
  File "/srv/app.py", line 27, in create
    raise KeyError(name)
  File "/venv/lib/python3.11/site-packages/x.py", line 3, in get
    return d[name]
KeyError: 'tagList'
"""
PYTHON_SYNTAX = """\
  File "/srv/app.py", line 4
    def f(:
          ^
SyntaxError: invalid syntax
"""
NODE = """\
TypeError: Cannot read properties of undefined (reading 'id')
    at parse (/srv/node_modules/express/lib/a.js:1:1)
    at create (/srv/src/articles.js:10:5)
    at /srv/src/app.js:3:1
"""
NODE_SYNTAX = """\
/srv/server.js:3
const x = ;
          ^

SyntaxError: Unexpected token ';'
    at wrapSafe (node:internal/modules/cjs/loader:1472:18)
"""


CYTHON = """\
Traceback (most recent call last):
  File "/srv/db.py", line 16, in run
    cursor.execute(query, values)
  File "psycopg_binary/types/string.pyx", line 55, in psycopg_binary.cdump
UnicodeEncodeError: 'utf-8' codec can't encode character
"""


@pytest.mark.parametrize(
    ("log", "place"),
    [
        (PYTHON, "/srv/app.py:27: KeyError: 'tagList'"),
        (CYTHON, "/srv/db.py:16: UnicodeEncodeError: 'utf-8' codec can't encode character"),
        (PYTHON_SYNTAX, "/srv/app.py:4: SyntaxError: invalid syntax"),
        (NODE, "/srv/src/articles.js:10: TypeError: Cannot read properties of undefined "
               "(reading 'id')"),
        (f"POST /api/notes failed: {NODE}", "/srv/src/articles.js:10: TypeError: Cannot read "
               "properties of undefined (reading 'id')"),
        ("GET /x failed: Error: no\nanother line\n    at x (/srv/a.js:1:1)\n", ""),
        ("Error: own\n  [cause]: TypeError: deep\n    at x (/srv/a.js:1:1)\n",
         "/srv/a.js:1: Error: own"),
        (NODE_SYNTAX, "/srv/server.js:3: SyntaxError: Unexpected token ';'"),
        ("  File \"<string>\", line 1\nKeyError: 'x'\n", ""),
        ("Error: refused\n    at x (node:net:1:1)\n", ""),
        ("listening on 8000\n", ""),
        ("> tsc\n\nsrc/app.ts(3,5): error TS2322: no.\nsrc/b.ts(9,1): error TS1: no.\n",
         "src/app.ts:3: error TS2322: no."),
        ("src/app.ts:3:5 - error TS2322: no.\n", "src/app.ts:3: error TS2322: no."),
        ('X [ERROR] Expected ";"\n\n    src/a.js:3:8:\n      3 | const x x\n',
         'src/a.js:3: Expected ";"'),
        ("# shop\n./main.go:12:2: undefined: foo\n", "main.go:12: undefined: foo"),
        ("Program.cs(3,5): error CS1002: ; expected\n", "Program.cs:3: error CS1002: ; expected"),
        ("src/Shop.java:7: error: ';' expected\n", "src/Shop.java:7: error: ';' expected"),
        ("app.py:12: DeprecationWarning: old\n", ""),
    ],
)  # fmt: skip
def test_place_is_the_last_of_own_code(log: str, place: str) -> None:
    assert error_place(log) == place


def test_every_error_of_a_log_is_found() -> None:
    other = PYTHON.replace("line 27", "line 9").replace("KeyError", "app.errors.Missing")
    assert error_places(f"{PYTHON}INFO: done\n{other}") == [
        "/srv/app.py:27: KeyError: 'tagList'",
        "/srv/app.py:9: app.errors.Missing: 'tagList'",
    ]


@pytest.mark.parametrize(
    "between",
    [
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    ],
)
def test_of_chained_exceptions_the_last_counts(between: str) -> None:
    other = PYTHON.replace("line 27", "line 9").replace("KeyError", "ValueError")
    assert error_places(f"{PYTHON}\n{between}\n\n{other}") == [
        "/srv/app.py:9: ValueError: 'tagList'"
    ]


def test_exception_that_is_chained_to_one_outside_replaces_no_earlier_error() -> None:
    driver = PYTHON.replace("/srv/app.py", "/venv/lib/python3.11/site-packages/driver.py")
    chain = "The above exception was the direct cause of the following exception:"
    other = PYTHON.replace("line 27", "line 9")
    assert error_places(f"{PYTHON}\n{driver}\n{chain}\n\n{other}") == [
        "/srv/app.py:27: KeyError: 'tagList'",
        "/srv/app.py:9: KeyError: 'tagList'",
    ]


def test_traceback_in_a_line_of_json_is_read() -> None:
    trace = PYTHON.partition("\n")[2].rstrip()
    entry = json.dumps({"level": "ERROR", "exc_info": trace, "path": "/x"})
    assert error_places(f"{entry}\n{entry}\n") == ["/srv/app.py:27: KeyError: 'tagList'"] * 2
    lone = entry.replace("tagList", "\\ud800")
    assert error_places(lone) == ["/srv/app.py:27: KeyError: '?'"]


def test_line_of_json_that_breaks_off_has_no_place() -> None:
    entry = json.dumps({"exc_info": PYTHON.partition("\n")[2]})
    assert error_places(entry[: len(entry) // 2]) == []
