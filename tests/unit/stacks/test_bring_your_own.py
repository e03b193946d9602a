"""docs/bring-your-own.md says what is: its example is read, and no key is missing from it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from worksample.services import services
from worksample.stacks.settings import PLACEHOLDER, SECTIONS, TOP, load_settings

PAGE = Path(__file__).parents[3] / "docs" / "bring-your-own.md"


def example() -> str:
    blocks = re.findall(r"\n\n((?: {4}.*\n|\n)+)", PAGE.read_text())
    [found] = [textwrap.dedent(each) for each in blocks if "[run]" in each]
    return found


def test_its_settings_can_be_read_and_hold_every_key(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text(example())
    settings = load_settings(tmp_path)
    assert settings.port == 3000
    assert settings.env["APP_PORT"] == "{port}"
    keys = set(re.findall(r"^(\w+) =", example(), re.MULTILINE))
    assert keys >= {*TOP, *(key for section in SECTIONS.values() for key in section)}


def test_it_names_every_placeholder_and_no_other() -> None:
    named = set(PLACEHOLDER.findall(PAGE.read_text()))
    known = {name for each in services().values() for name in each.placeholder_names}
    assert named == known | {"port", "host", "secret"}
