import re
import secrets
import unicodedata
from datetime import UTC
from typing import Annotated

from fastapi import APIRouter, Query

import db
from accounts import profile
from errors import ApiError
from models import ArticleUpdateBody, NewArticleBody
from security import Me, Visitor

router = APIRouter()

Limit = Annotated[int, Query(ge=1)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]


def make_slug(title):
    """Words of the title and something random, so that it can never be taken."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", letters).strip("-")
    return f"{words or 'article'}-{secrets.token_hex(6)}"


def time(value):
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def without_doubles(tags):
    return list(dict.fromkeys(tags))


def find_article(slug):
    article = db.one("SELECT * FROM articles WHERE slug = %s", slug)
    if article is None:
        raise ApiError(404, "article", "does not exist")
    return article


def is_favorite(visitor, article_id):
    if visitor is None:
        return False
    sql = "SELECT 1 FROM favorites WHERE user_id = %s AND article_id = %s"
    return db.one(sql, visitor["id"], article_id) is not None


def summary(article, visitor):
    author = db.one("SELECT * FROM users WHERE id = %s", article["author_id"])
    return {
        "slug": article["slug"],
        "title": article["title"],
        "description": article["description"],
        "tagList": article["tags"],
        "createdAt": time(article["created_at"]),
        "updatedAt": time(article["updated_at"]),
        "favorited": is_favorite(visitor, article["id"]),
        "favoritesCount": article["favorites_count"],
        "author": profile(author, visitor),
    }


def whole(article, visitor):
    return {"article": {**summary(article, visitor), "body": article["body"]}}


def page(articles, visitor):
    shown = [summary(article, visitor) for article in articles]
    return {"articles": shown, "articlesCount": len(shown)}


@router.get("/articles")
def list_articles(
    visitor: Visitor,
    tag: str | None = None,
    author: str | None = None,
    favorited: str | None = None,
    limit: Limit = 20,
    offset: Offset = 0,
):
    where, values = ["true"], []
    if tag is not None:
        where.append("tags @> ARRAY[%s]")
        values.append(tag)
    if author is not None:
        where.append("author_id = (SELECT id FROM users WHERE username = %s LIMIT 1)")
        values.append(author)
    if favorited is not None:
        where.append(
            "id IN (SELECT article_id FROM favorites WHERE user_id = "
            "(SELECT id FROM users WHERE username = %s LIMIT 1))"
        )
        values.append(favorited)
    sql = (
        f"SELECT * FROM articles WHERE {' AND '.join(where)} "
        "ORDER BY created_at DESC, id DESC LIMIT %s OFFSET %s"
    )
    return page(db.many(sql, *values, min(limit, 100), offset), visitor)


@router.get("/articles/feed")
def feed(me: Me, limit: Limit = 20, offset: Offset = 0):
    sql = """
        SELECT * FROM articles
        WHERE author_id IN (SELECT followed_id FROM follows WHERE follower_id = %s)
        ORDER BY created_at DESC, id DESC LIMIT %s OFFSET %s
    """
    return page(db.many(sql, me["id"], min(limit, 100), offset), me)


@router.post("/articles", status_code=201)
def publish(body: NewArticleBody, me: Me):
    new = body.article
    article = db.one(
        """
        INSERT INTO articles (slug, title, description, body, tags, author_id)
        VALUES (%s, %s, %s, %s, %s, %s) RETURNING *
        """,
        make_slug(new.title),
        new.title,
        new.description,
        new.body,
        without_doubles(new.tagList),
        me["id"],
    )
    return whole(article, me)


@router.get("/articles/{slug}")
def read(slug: str, visitor: Visitor):
    return whole(find_article(slug), visitor)


def find_my_article(slug, me):
    article = find_article(slug)
    if article["author_id"] != me["id"]:
        raise ApiError(403, "article", "is not yours")
    return article


@router.put("/articles/{slug}")
def edit(slug: str, body: ArticleUpdateBody, me: Me):
    old = find_my_article(slug, me)
    new = body.article
    article = db.one(
        """
        UPDATE articles
        SET title = coalesce(%s, title), description = coalesce(%s, description),
            body = coalesce(%s, body), tags = coalesce(%s, tags), updated_at = now()
        WHERE id = %s RETURNING *
        """,
        new.title,
        new.description,
        new.body,
        None if new.tagList is None else without_doubles(new.tagList),
        old["id"],
    )
    if article is None:
        raise ApiError(404, "article", "does not exist")
    return whole(article, me)


@router.delete("/articles/{slug}", status_code=204)
def delete(slug: str, me: Me):
    db.run("DELETE FROM articles WHERE id = %s", find_my_article(slug, me)["id"])


def set_favorites_count(article, count):
    article["favorites_count"] = count
    db.run("UPDATE articles SET favorites_count = %s WHERE id = %s", count, article["id"])


@router.post("/articles/{slug}/favorite")
def favorite(slug: str, me: Me):
    article = find_article(slug)
    if not is_favorite(me, article["id"]):
        db.run("INSERT INTO favorites VALUES (%s, %s)", me["id"], article["id"])
        set_favorites_count(article, article["favorites_count"] + 1)
    return whole(article, me)


@router.delete("/articles/{slug}/favorite")
def unfavorite(slug: str, me: Me):
    article = find_article(slug)
    if is_favorite(me, article["id"]):
        sql = "DELETE FROM favorites WHERE user_id = %s AND article_id = %s"
        db.run(sql, me["id"], article["id"])
        set_favorites_count(article, article["favorites_count"] - 1)
    return whole(article, me)


@router.get("/tags")
def tags():
    rows = db.many("SELECT DISTINCT unnest(tags) AS tag FROM articles ORDER BY tag")
    return {"tags": [row["tag"] for row in rows]}
