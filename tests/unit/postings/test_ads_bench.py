"""The arithmetic of bench/ads.py on two toy ads and readings written by hand."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[3] / "bench"
TOY = """
[[ad]]
name = "first"
language = "en"
format = "text"
text = "Backend developer"
required = ["python", "postgresql", "java", "go"]
optional = ["docker"]
used = ["redis"]
choices = [["java", "go"]]
years = 3
degree = ["bachelor", "required"]
backend = true
either = ["linux", "git"]
either_choices = [["docker", "redis", "python"]]

[[ad]]
name = "second"
language = "de"
format = "prose"
text = "Entwickler"
required = ["rails"]
backend = false
"""
LEVELS = {
    "python": "required",
    "relational-databases": "required",  # the umbrella of a labelled skill: ignored
    "java": "optional",  # wrong level
    "go": "required",
    "redis": "optional",  # not required, as labelled
    "linux": "required",  # either: ignored
    "kafka": "required",  # not asked
}


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCH)
        before = set(sys.modules)
        yield importlib.import_module("ads")
        for name in set(sys.modules) - before:
            if (BENCH / f"{name}.py").exists():
                del sys.modules[name]


@pytest.fixture
def comparisons(bench: Any, tmp_path: Path) -> list[Any]:
    (tmp_path / "toy.toml").write_text(TOY, "utf-8")
    first, second = bench.read([tmp_path], None)
    named = ({"java", "go", "kafka"}, {"linux", "python"}, {"redis", "python"})
    groups = frozenset(map(frozenset, named))
    found = bench.Reading(LEVELS, groups, 3, ("bachelor", "preferred"), True)
    nothing = bench.Reading({}, backend=True)
    return [bench.compare(first, found), bench.compare(second, nothing)]


def score(bench: Any, comparisons: list[Any]) -> Any:
    result = bench.Score()
    for each in comparisons:
        result.add(each)
    return result


def test_counts_skills_of_all_levels_and_ignores_umbrellas(
    bench: Any, comparisons: list[Any]
) -> None:
    skills = score(bench, comparisons).skills
    # Found: python, java, go, redis; too many: kafka; missed: postgresql, docker, rails.
    assert (skills.true_positives, skills.false_positives, skills.false_negatives) == (4, 1, 3)
    assert skills.f1 == pytest.approx(2 * 4 / (2 * 4 + 1 + 3))


def test_counts_groups_whole_and_in_pairs(bench: Any, comparisons: list[Any]) -> None:
    result = score(bench, comparisons)
    # One pair of three is right; the group with a skill too many is not. Not counted: the group
    # that keeps one member without the ignored skill, and the one on which readers differ.
    pairs, groups = result.pairs, result.groups
    assert (pairs.true_positives, pairs.false_positives, pairs.false_negatives) == (1, 2, 0)
    assert (groups.true_positives, groups.false_positives, groups.false_negatives) == (0, 1, 1)


def test_counts_right_levels_years_degrees_and_backend(bench: Any, comparisons: list[Any]) -> None:
    shares = score(bench, comparisons).shares
    counts = {name: (share.right, share.total) for name, share in shares.items()}
    assert counts == {"level": (3, 4), "years": (2, 2), "degree": (1, 2), "backend": (1, 2)}


def test_lists_differences_per_ad(comparisons: list[Any]) -> None:
    assert comparisons[0].differences == [
        "missed: docker (optional), postgresql (required)",
        "not asked: kafka (required)",
        "wrong level: java (is required)",
        "missed group: go/java",
        "wrong group: go/java/kafka",
        "degree: found ('bachelor', 'preferred'), expected ('bachelor', 'required')",
    ]


def test_prints_rows_per_language_layout_and_fold(bench: Any, comparisons: list[Any]) -> None:
    lines = bench.table(comparisons, folds=2, seed=1).splitlines()
    titles = [line.split(" | ")[0].removeprefix("| ") for line in lines]
    assert titles[2:] == ["all", "de", "en", "prose", "text", "fold 1", "fold 2"]
    assert "| all | 2 | 0.800 | 0.571 | 0.667 | 0.500 | 0.000 | 0.750 | 1.000 |" in lines[2]
    assert lines == bench.table(comparisons, folds=2, seed=1).splitlines()


def test_reads_ads_of_json_lines(bench: Any, tmp_path: Path) -> None:
    labels = {"must": ["go"], "nice": ["redis"], "any_of": [["go", "redis"]], "min_years": 2}
    labels |= {"degree": {"level": "master", "strength": "preferred"}, "is_backend": True}
    ad = {"id": "a", "title": "Go", "text": "-", "language": "en", "format": "markdown"}
    path = tmp_path / "ads.jsonl"
    path.write_text(json.dumps(ad | {"labels": labels}) + "\n", "utf-8")
    (read,) = bench.read([], path)
    assert read.labels.levels == {"go": "required", "redis": "optional"}
    assert read.labels.choices == frozenset({frozenset({"go", "redis"})})
    assert (read.labels.years, read.labels.degree) == (2, ("master", "preferred"))
    assert "feedback" in read.ignored


def test_ad_belongs_to_part_it_names_or_to_half_by_its_name(bench: Any, tmp_path: Path) -> None:
    names = [f"ad {number}" for number in range(200)]
    ads = [f"[[ad]]\nname = '{name}'\ntext = '-'\n" for name in names]
    path = tmp_path / "toy.toml"
    path.write_text(
        "".join([*ads, "[[ad]]\nname = 'x'\ntext = '-'\npart = 'developed'\n"]), "utf-8"
    )
    parts = [bench.part_of(ad) for ad in bench.read([path], None)]
    assert set(parts[:-1]) == {"dev", "held-out"}
    assert parts[-1] == "developed"
    assert parts == [bench.part_of(ad) for ad in bench.read([path], None)]


def test_parses_ad_with_public_parser(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    text = "Backend Developer\\n\\nRequirements\\n- Python\\n- PostgreSQL\\n"
    path.write_text(f'[[ad]]\nname = "toy"\ntext = "{text}"\nrequired = ["python"]\n', "utf-8")
    (ad,) = bench.read([path], None)
    assert bench.parse(ad).levels == {"python": "required", "postgresql": "required"}


def test_counts_nothing_found_in_rejected_ad(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "toy.toml"
    page = "<html><body><p>Nothing here</p></body></html>"
    path.write_text(f'[[ad]]\nname = "toy"\ntext = "{page}"\nrequired = ["go"]\n', "utf-8")
    (ad,) = bench.read([path], None)
    result = bench.compare(ad, bench.parse(ad))
    assert result.differences[0].startswith("rejected: toy is an HTML page without a job ad")
    assert result.differences[1] == "missed: go (required)"


@pytest.mark.parametrize("content", ["", "not toml", "[[ad]]\nname = 'without text'"])
def test_rejects_file_without_labelled_ads(
    bench: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(content, "utf-8")
    monkeypatch.setattr("sys.argv", ["ads.py", str(path)])
    with pytest.raises(SystemExit) as caught:
        bench.main()
    assert caught.value.code == 2
    assert "cannot read the labelled ads" in capsys.readouterr().err
