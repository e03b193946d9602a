"""docs/bring-your-own.md matches the code: every key and placeholder is documented."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from worksample.services import services
from worksample.stacks.settings import PLACEHOLDER, SECTIONS, TOP_LEVEL_KEYS, load_settings

PAGE = Path(__file__).parents[3] / "docs" / "bring-your-own.md"


def example() -> str:
    blocks = re.findall(r"\n\n((?: {4}.*\n|\n)+)", PAGE.read_text())
    [found] = [textwrap.dedent(each) for each in blocks if "[run]" in each]
    return found


def test_example_settings_load_and_show_every_key(tmp_path: Path) -> None:
    (tmp_path / "worksample.toml").write_text(example())
    settings = load_settings(tmp_path)
    assert settings.port == 3000
    assert settings.env["APP_PORT"] == "{port}"
    keys = set(re.findall(r"^(\w+) =", example(), re.MULTILINE))
    assert keys >= {*TOP_LEVEL_KEYS, *(key for section in SECTIONS.values() for key in section)}


def test_page_names_exactly_the_known_placeholders() -> None:
    named = set(PLACEHOLDER.findall(PAGE.read_text()))
    known = {name for each in services().values() for name in each.placeholder_names}
    assert named == known | {"port", "host", "secret", "report", "files"}
