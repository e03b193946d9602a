"""Publish, edit and delete articles; comment on them; mark them as favourites.

A slug is taken by storing it: if the database says that somebody has it already, the whole
transaction is undone and tried again with the next one.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from articles import reading
from articles.models import Article, Comment, Favorite, Tag
from articles.schemas import ArticleChange, NewArticle
from articles.slugs import candidates
from conduit.database import run_again, stored_whole, violated
from conduit.http.refusals import not_found, not_yours

# By this much an edit moves `updated_at` at least: it is what an answer can show.
_TICK = timedelta(milliseconds=1)


def publish(me: User, new: NewArticle) -> Article:
    """Publish an article under the first slug that is free."""
    for slug in candidates(new.title):
        try:
            return _publish(slug, me, new)
        except IntegrityError as error:
            _require_slug_taken(error)
    raise RuntimeError("no free slug in as many random attempts")


def edit(slug: str, me: User, change: ArticleChange) -> Article:
    """Change what was sent; a new title brings a new slug. Refused with 403 or 404."""
    new_slugs = candidates(change.title) if "title" in change.model_fields_set else [slug]
    for new_slug in new_slugs:
        try:
            return _edit(slug, new_slug, me, change)
        except IntegrityError as error:
            _require_slug_taken(error)
    raise RuntimeError("no free slug in as many random attempts")


@stored_whole
def delete(slug: str, me: User) -> None:
    """Delete an article of one's own, with all that hangs on it. Refused with 403 or 404.

    It is held first: a comment or a favourite that comes meanwhile waits, and finds it gone.
    """
    _hold_own(slug, me).delete()


@stored_whole
def favorite(slug: str, me: User) -> Article:
    """Mark as a favourite, once or again; refused with 404 if there is no such article."""
    held = _hold(slug)
    # Not by `ignore_conflicts`: INSERT IGNORE ignores whatever is wrong.
    Favorite.objects.bulk_create(
        [Favorite(article=held, user=me)], update_conflicts=True, update_fields=["user"]
    )
    return reading.article(slug, me)


@stored_whole
def unfavorite(slug: str, me: User) -> Article:
    held = _hold(slug)
    Favorite.objects.filter(article=held, user=me).delete()
    return reading.article(slug, me)


def comment(slug: str, me: User, body: str) -> Comment:
    """Comment on an article; refused with 404 if there is none, or not any more."""
    article = Article.objects.only("pk").filter(slug=slug).first()
    if article is None:
        raise not_found("article")
    now = timezone.now()
    try:
        added = _store(
            Comment(article=article, author=me, body=body, created_at=now, updated_at=now)
        )
    except IntegrityError:
        raise not_found("article") from None
    added.following = False
    return added


@run_again
def delete_comment(slug: str, comment_id: int, me: User) -> None:
    """Delete a comment of one's own, under its own article. Refused with 403 or 404."""
    named = Comment.objects.filter(article__slug=slug, pk=comment_id)
    deleted, _ = named.filter(author=me).delete()
    if not deleted:
        raise not_yours("comment") if named.exclude(author=me).exists() else not_found("comment")


@run_again
def _store(comment: Comment) -> Comment:
    comment.save(force_insert=True)
    return comment


@stored_whole
def _publish(slug: str, me: User, new: NewArticle) -> Article:
    now = timezone.now()
    article = Article.objects.create(
        author=me,
        slug=slug,
        title=new.title,
        description=new.description,
        body=new.body,
        created_at=now,
        updated_at=now,
    )
    _add_tags(article, new.tag_list)
    article.tag_list, article.following = new.tag_list, False
    article.favorited, article.favorites_count = False, 0
    return article


@stored_whole
def _edit(slug: str, new_slug: str, me: User, change: ArticleChange) -> Article:
    article = _hold_own(slug, me)
    values = change.model_dump(exclude_unset=True, include={"title", "description", "body"})
    if values.get("title", article.title) != article.title:
        values["slug"] = new_slug
    if change.model_fields_set:
        values["updated_at"] = max(timezone.now(), article.updated_at + _TICK)
    for field, value in values.items():
        setattr(article, field, value)
    if values:
        article.save(update_fields=values)
    if "tag_list" in change.model_fields_set:
        article.tags.all().delete()
        _add_tags(article, change.tag_list)
    return reading.article(article.slug, me)


def _hold_own(slug: str, me: User) -> Article:
    article = _hold(slug)
    if article.author_id != me.pk:
        raise not_yours("article")
    return article


def _hold(slug: str) -> Article:
    """Hold the article until the transaction ends, so that two changes end one after the other."""
    article = Article.objects.select_for_update().filter(slug=slug).first()
    if article is None:
        raise not_found("article")
    return article


def _add_tags(article: Article, names: Iterable[str]) -> None:
    Tag.objects.bulk_create(
        [Tag(article=article, name=name, position=n) for n, name in enumerate(names)]
    )


def _require_slug_taken(error: IntegrityError) -> None:
    if violated(error) != "articles_slug_taken":
        raise error
