"""Articles, their tags, comments and favourites.

No foreign key has an index of its own: a constraint or an index that begins with it serves better.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User, Visitor, followed_by


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, as somebody sees them."""

    def seen_by(self, viewer: User | Visitor) -> "ArticleQuerySet":
        """Add all that an answer shows, so that a page is one statement (W1)."""
        mine = Favorite.objects.filter(article=OuterRef("pk"), user=viewer.pk)
        return self.select_related("author").annotate(
            tag_list=ArraySubquery(
                Tag.objects.filter(article=OuterRef("pk")).order_by("position").values("name")
            ),
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
    slug = models.TextField()
    title = models.TextField()
    description = models.TextField()
    body = models.TextField()
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
    name = models.TextField()
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
    body = models.TextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["article", "id"], name="comments_of_article")]


def _count(rows: models.QuerySet) -> Coalesce:
    """Count `rows` in a subquery of their own: a join would multiply other counts."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), Value(0))
