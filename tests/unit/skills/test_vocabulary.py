"""The vocabulary is valid, and its validator reports every kind of mistake."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from worksample.errors import UserError
from worksample.skills import find_problems, get, load

DATA = Path(str(files("worksample.skills") / "data"))
IDS = (Path(__file__).parent / "published_ids.txt").read_text("utf-8").split()


def test_vocabulary_is_valid() -> None:
    assert find_problems(DATA) == []


def test_published_ids_remain() -> None:
    assert set(IDS) <= set(load())
    assert len(IDS) == len(set(IDS)) >= 136


def test_every_skill_has_junior_sentence() -> None:
    for skill in load().values():
        assert skill.junior.endswith(".")
        assert len(skill.junior.split()) > 5, skill.id


def test_soft_skills_have_forms_in_seven_languages() -> None:
    for skill in load().values():
        if skill.kind == "soft":
            assert {"de", "fr", "es", "pt", "it", "pl"} <= set(skill.forms), skill.id


def test_reports_all_mistakes_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(
        '[Good_Name]\nname = "x"\nkind = "tool"\njunior = "no stop"\nforms = ["_ a"]\n'
        '\n[empty]\nname = "y"\nkind = "soft"\njunior = "Do it."\numbrella_of = ["nobody"]\n'
        'shown_by = ["dance"]\ncolour = 1\nsame_as = { esco = "rust", other = "1" }\n',
        encoding="utf-8",
    )
    (tmp_path / "broken.toml").write_text("[x", encoding="utf-8")
    found = [str(problem) for problem in find_problems(tmp_path)]
    for wanted in (
        "bad.toml:1: [Good_Name] is not a slug",
        "bad.toml:1: [Good_Name] kind 'tool' is not one of",
        "bad.toml:1: [Good_Name] junior must be one sentence",
        "bad.toml:1: [Good_Name] forms contains '_ a'",
        "bad.toml:7: [empty] has no form",
        "bad.toml:7: [empty] umbrella_of names 'nobody'",
        "bad.toml:7: [empty] shown_by names 'dance'",
        "bad.toml:7: [empty] has the unknown key 'colour'",
        "bad.toml:7: [empty] same_as esco 'rust' is not a valid esco id",
        "bad.toml:7: [empty] same_as scheme 'other' is not one of esco",
        "broken.toml:1: invalid TOML",
    ):
        assert any(line.startswith(wanted) for line in found), (wanted, found)


def test_reports_duplicate_skill(tmp_path: Path) -> None:
    entry = '[go]\nname = "Go"\nkind = "language"\njunior = "Do it."\nforms = ["golang"]\n'
    (tmp_path / "a.toml").write_text(entry, encoding="utf-8")
    (tmp_path / "b.toml").write_text(entry, encoding="utf-8")
    assert [str(p) for p in find_problems(tmp_path)] == [
        "b.toml:1: [go] is already defined in a.toml"
    ]


def test_get_accepts_id_or_name_and_suggests_near_ids() -> None:
    assert get("PostgreSQL").id == get("postgresql").id == "postgresql"
    with pytest.raises(UserError) as caught:
        get("postgres-sql")
    assert "postgresql" in caught.value.hint
