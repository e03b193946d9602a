"""A server under another base path than the contract's: found, used and told once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.running import worksample
from tests.support.small_conduit import small_conduit

FIRST = "every-path-begins-with-api"


def checked(folder: Path) -> Any:
    """Return the report of a check of the base path of the server in `folder`."""
    done = worksample("check", "--stage", "1", "--only", FIRST, "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)


def test_uses_the_base_path_of_the_openapi_document_and_tells_it_once(tmp_path: Path) -> None:
    folder = small_conduit(tmp_path / "mine", BASE_PATH="/v3")
    assert checked(folder)["prefix"] == "/api"
    (folder / "openapi.yaml").write_text("servers: [{url: 'https://example.org/v3/'}]\n")
    report = checked(folder)
    assert report["prefix"] == "/v3"
    assert "Paths begin with /v3 instead of /api." in report["notes"]
    (first,) = [each for each in report["checks"] if each["id"] == FIRST]
    (finding,) = first["findings"]
    assert "/v3" in finding["actual"]


def test_contracts_base_path_stays_where_its_route_is_broken(tmp_path: Path) -> None:
    folder = small_conduit(tmp_path / "mine", MODE="broken-tags")
    assert checked(folder)["prefix"] == "/api"
