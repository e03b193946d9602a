"""Articles and comments as the viewer sees them: one statement for what is shown (W1)."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User, Visitor, followed_by
from articles.models import Article, ArticleQuerySet, Comment, Tag
from conduit.database import reads
from conduit.http.refusals import not_found
from conduit.http.schemas import Page

Viewer = User | Visitor


@dataclass(frozen=True)
class Filters:
    """Names that narrow a list; all that are given must match (L2)."""

    tag: str | None = None
    author: str | None = None
    favorited: str | None = None


@reads
def article(slug: str, viewer: Viewer) -> Article:
    """The article at this address; refused with 404 if there is none."""
    found = Article.objects.seen_by(viewer).filter(slug=slug).first()
    if found is None:
        raise not_found("article")
    return found


def newest(filters: Filters, page: Page, viewer: Viewer) -> dict[str, Any]:
    """A page of the articles that match."""
    matching = Article.objects.all()
    if filters.tag is not None:
        matching = matching.filter(tags__name=filters.tag)
    if filters.author is not None:
        matching = matching.filter(author__username=filters.author)
    if filters.favorited is not None:
        matching = matching.filter(favorites__user__username=filters.favorited)
    return _page(matching, page, viewer)


def feed(page: Page, viewer: User) -> dict[str, Any]:
    """A page of the articles of the people whom the viewer follows (L4)."""
    return _page(Article.objects.filter(author__followers__follower=viewer), page, viewer)


@reads
def _page(matching: ArticleQuerySet, page: Page, viewer: Viewer) -> dict[str, Any]:
    """Count and page in one statement: both see the same moment.

    An empty page has no row to bring the total. On the first page it is 0 then; for a later one
    it is asked, and if there are enough articles by now, the page is no longer empty.
    """
    wanted = matching.counted().seen_by(viewer).defer("body")
    while True:
        found = list(wanted[page.offset : page.offset + page.limit])
        if found or page.offset == 0:
            return {"articles": found, "articles_count": found[0].total if found else 0}
        total = matching.count()
        if total <= page.offset:
            return {"articles": [], "articles_count": total}


@reads
def comments(slug: str, viewer: Viewer) -> list[Comment]:
    """Oldest first; refused with 404 if there is no such article."""
    found = list(
        Comment.objects.filter(article__slug=slug)
        .select_related("author")
        .annotate(following=followed_by(viewer, "author_id"))
    )
    if not found and not Article.objects.filter(slug=slug).exists():
        raise not_found("article")
    return found


@reads
def tags_in_use() -> list[str]:
    return list(Tag.objects.order_by("name").values_list("name", flat=True).distinct())
