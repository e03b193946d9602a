"""What `plan` learns from the stacks: the skills that work in a stack gives evidence of."""

from __future__ import annotations

from worksample.skills import load
from worksample.stacks import plan_skills


def test_each_stack_states_its_skills() -> None:
    assert plan_skills() == {
        "csharp-aspnet": ("csharp", "aspnet", "orm", "sql"),
        "go-nethttp": ("go", "sql"),
        "java-spring": ("java", "spring", "sql"),
        "node-express": ("javascript", "nodejs", "express", "sql"),
        "python-django": ("python", "django", "orm", "sql"),
        "python-fastapi": ("python", "fastapi", "sql"),
    }


def test_skills_are_in_vocabulary() -> None:
    assert {skill for skills in plan_skills().values() for skill in skills} <= set(load())
