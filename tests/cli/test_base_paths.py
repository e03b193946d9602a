"""A server under another base path than the contract's: found, used and told once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.support.running import worksample

APP = Path(__file__).parents[1] / "support" / "apps" / "small-conduit"
FIRST = "every-path-begins-with-api"


def checked(folder: Path, base_path: str, tags: str = "work") -> Any:
    """Return the report of a check of stage 1 of the server, as JSON."""
    shutil.copytree(APP, folder)
    env = f'[env]\nBASE_PATH = "{base_path}"\nTAGS = "{tags}"\n'
    (folder / "worksample.toml").write_text(f'challenge = "conduit"\n{env}')
    done = worksample("check", "--stage", "1", "--only", FIRST, "--json", cwd=folder)
    assert done.returncode == 1, done.stderr
    return json.loads(done.stdout)


def test_uses_the_base_path_of_the_openapi_document_and_tells_it_once(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    report = checked(folder, "/v3")
    assert report["prefix"] == "/api"
    (folder / "openapi.yaml").write_text("servers: [{url: 'https://example.org/v3/'}]\n")
    done = worksample("check", "--stage", "1", "--only", FIRST, "--json", cwd=folder)
    report = json.loads(done.stdout)
    assert report["prefix"] == "/v3"
    assert "Paths begin with /v3 instead of /api." in report["notes"]
    (first,) = [each for each in report["results"] if each["check"]["id"] == FIRST]
    (finding,) = first["findings"]
    assert "/v3" in finding["actual"]


def test_contracts_base_path_stays_where_its_route_is_broken(tmp_path: Path) -> None:
    report = checked(tmp_path / "mine", "/api", tags="broken")
    assert report["prefix"] == "/api"
