"""Articles, their tags, comments and favourites.

No foreign key has an index of its own: a constraint or an index that begins with it serves better.
"""

from typing import Any

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import EXACT, User, Visitor, followed_by


class TagList(models.JSONField):
    """Names by their positions, as JSON_OBJECTAGG makes them; in Python a list in that order."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str]:
        named: dict[str, str] = super().from_db_value(value, expression, connection) or {}
        return [named[position] for position in sorted(named, key=int)]


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, as somebody sees them."""

    def seen_by(self, viewer: User | Visitor) -> "ArticleQuerySet":
        """Add all that an answer shows, so that a page is one statement (W1)."""
        mine = Favorite.objects.filter(article=OuterRef("pk"), user=viewer.pk)
        return self.select_related("author").annotate(
            tag_list=_tags(Tag.objects.filter(article=OuterRef("pk"))),
            favorites_count=_count(Favorite.objects.filter(article=OuterRef("pk"))),
            favorited=Exists(mine) if viewer.pk else Value(False),
            following=followed_by(viewer, "author_id"),
        )

    def counted(self) -> "ArticleQuerySet":
        """Add `total`: how many articles match in all, seen at the same moment as the page."""
        return self.annotate(total=_count(self))


class Article(models.Model):
    """An article. The newest has the highest id, whichever copy of the server published it."""

    author = models.ForeignKey(User, models.CASCADE, related_name="articles", db_index=False)
    slug = models.CharField(max_length=100, db_collation=EXACT)
    title = models.CharField(max_length=255, db_collation=EXACT)
    description = models.TextField(db_collation=EXACT)
    body = models.TextField(db_collation=EXACT)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="articles_slug_taken"),
        ]
        indexes = [models.Index(fields=["author", "id"], name="articles_of_author")]


class Tag(models.Model):
    """A tag of one article; tags keep the order in which they were sent (R4)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="tags", db_index=False)
    name = models.CharField(max_length=64, db_collation=EXACT)
    position = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="tags_once"),
        ]
        indexes = [models.Index(fields=["name", "article"], name="articles_of_tag")]


class Favorite(models.Model):
    """A person's mark on an article, counted when it is shown: the number cannot drift."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="favorites", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="favorites", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="favorites_once"),
        ]
        indexes = [models.Index(fields=["user", "article"], name="favorites_of_user")]


class Comment(models.Model):
    """A comment on an article."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="comments", db_index=False)
    author = models.ForeignKey(User, models.CASCADE, related_name="comments")
    body = models.TextField(db_collation=EXACT)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["article", "id"], name="comments_of_article")]


def _count(rows: models.QuerySet) -> Coalesce:
    """Count `rows` in a subquery of their own: a join would multiply other counts."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), Value(0))


def _tags(rows: models.QuerySet) -> Subquery:
    named = Func(F("position"), F("name"), function="JSON_OBJECTAGG", output_field=TagList())
    return Subquery(rows.annotate(named=named).values("named"))
