"""A plan names the kind of work that shows what an ad asks for, and the command that starts it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.running import worksample
from worksample.cli._offers import all_offers
from worksample.postings.model import Posting, Source
from worksample.postings.parser import parse_posting
from worksample.postings.planner import Plan, plan_for
from worksample.stacks import plan_skills

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((ROOT / "tests" / "unit" / "postings" / "ads").glob("*.toml"))
#: What a junior does all day, beside writing new servers.
EVERYDAY = {"automated-testing", "debugging", "git", "maintenance"}
AD = """\
Backend Engineer

Requirements
- Automated testing
- Debugging
- Git
- Maintaining existing code
"""


def sample_ads() -> list[Posting]:
    ads = [ad for path in SAMPLES for ad in tomllib.loads(path.read_text("utf-8"))["ad"]]
    return [parse_posting(Source(ad["name"], ad["text"])) for ad in ads]


def shown_by_kinds() -> set[str]:
    """Return the skills of every kind of work of the catalogue but `build`, whatever the stack."""
    offers = [each for each in all_offers() if each.kind != "build"]
    return {skill for each in offers for skill in each.gives}


def skills_of_other_stacks(made: Plan) -> set[str]:
    """Return the skills of the stacks in which a plan has no step: it stays in one where it can."""
    own = {step.offer.stack for step in made.steps}
    return {
        skill for stack, skills in plan_skills().items() if stack not in own for skill in skills
    }


def test_no_sample_ad_lacks_what_a_kind_of_work_shows() -> None:
    shown = shown_by_kinds()
    assert shown >= EVERYDAY
    asked: set[str] = set()
    for posting in filter(lambda each: each.is_backend, sample_ads()):
        made = plan_for(posting, all_offers())
        wanted = {skill for step in made.steps for each in step.shows for skill in each.skills}
        uncovered = {skill for each in made.uncovered for skill in each.skills}
        asked |= wanted
        assert not uncovered & shown - skills_of_other_stacks(made), posting.title
    assert asked >= EVERYDAY - {"maintenance"}  # no sample ad asks for it firmly


@pytest.mark.parametrize("stack", ["python-fastapi", "node-express"])
def test_plan_names_challenge_kind_and_command(tmp_path: Path, stack: str) -> None:
    (tmp_path / "ad.txt").write_text(AD)
    done = worksample("plan", "ad.txt", "--stack", stack, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "required:" not in done.stdout.partition("Not covered")[2]
    (command,) = re.findall(rf"worksample start \w+ --kind fix --stack {stack}", done.stdout)
    assert re.search(r"\d\. fix \S", done.stdout), command
