"""Where in the project's own code the error in a log happened."""

from __future__ import annotations

import pytest

from worksample.stacks.base import error_place

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


@pytest.mark.parametrize(
    ("log", "place"),
    [
        (PYTHON, "/srv/app.py:27: KeyError: 'tagList'"),
        (PYTHON_SYNTAX, "/srv/app.py:4: SyntaxError: invalid syntax"),
        (NODE, "/srv/src/articles.js:10: TypeError: Cannot read properties of undefined "
               "(reading 'id')"),
        (NODE_SYNTAX, "/srv/server.js:3: SyntaxError: Unexpected token ';'"),
        ("  File \"<string>\", line 1\nKeyError: 'x'\n", ""),
        ("Error: refused\n    at x (node:net:1:1)\n", ""),
        ("listening on 8000\n", ""),
    ],
)  # fmt: skip
def test_place_is_the_last_of_own_code(log: str, place: str) -> None:
    assert error_place(log) == place
