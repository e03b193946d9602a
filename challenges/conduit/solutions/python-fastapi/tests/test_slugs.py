import pytest

from conduit.articles.slugs import MAX_CHARACTERS, candidates


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Hello, World!", "hello-world"), ("Crème brûlée", "creme-brulee"), ("  a  ", "a")],
)
def test_the_first_candidate_is_plain(title: str, slug: str) -> None:
    assert next(candidates(title)) == slug


@pytest.mark.parametrize("title", ["feed", "FEED!", "中文", "..."])
def test_reserved_and_empty_ones_get_something_random(title: str) -> None:
    assert next(candidates(title)) != next(candidates(title))


def test_candidates_differ_and_are_bounded() -> None:
    slugs = list(candidates("x" * 255))
    assert len(set(slugs)) == len(slugs)
    assert max(map(len, slugs)) <= MAX_CHARACTERS + 9
