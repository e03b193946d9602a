"""Profiles, following and favourites (P1 to P3, F1, F2)."""

from fastapi import APIRouter

from accounts import Me, Row, Viewer
from articles import article, found, profile
from database import every, one
from requests import refusal
from showing import PROFILE

router = APIRouter(prefix="/api")


async def person(username: str, me: Row | None) -> Row:
    values = {"username": username, "me": me and me["id"]}
    row = await one(f"SELECT u.id, {PROFILE} FROM users u WHERE username = %(username)s", values)
    if row is None:
        raise refusal(404, "profile", "does not exist")
    return row


@router.post("/profiles/{username:path}/follow")
async def follow(username: str, me: Me) -> Row:
    other = await person(username, me)
    if other["id"] == me["id"]:
        raise refusal(422, "username", "is your own")
    await one(
        "INSERT INTO follows VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        [me["id"], other["id"]],
    )
    return {"profile": profile(await person(username, me))}


@router.delete("/profiles/{username:path}/follow")
async def unfollow(username: str, me: Me) -> Row:
    other = await person(username, me)
    await every(
        "DELETE FROM follows WHERE follower_id = %s AND followed_id = %s RETURNING 1",
        [me["id"], other["id"]],
    )
    return {"profile": profile(await person(username, me))}


@router.get("/profiles/{username:path}")
async def see(username: str, asker: Viewer) -> Row:
    return {"profile": profile(await person(username, asker))}


@router.post("/articles/{slug}/favorite")
async def favorite(slug: str, me: Me) -> Row:
    marked = await found(slug, me)
    await one(
        "INSERT INTO favorites VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        [marked["id"], me["id"]],
    )
    return {"article": article(await found(slug, me))}


@router.delete("/articles/{slug}/favorite")
async def unfavorite(slug: str, me: Me) -> Row:
    marked = await found(slug, me)
    await every(
        "DELETE FROM favorites WHERE article_id = %s AND user_id = %s RETURNING 1",
        [marked["id"], me["id"]],
    )
    return {"article": article(await found(slug, me))}
