"""The profile endpoints.

A username may hold a slash ("AC/DC"), which arrives as %2F and is decoded before routing:
hence `:path`, and the longer addresses first.
"""

from fastapi import APIRouter

from conduit.http.asking import Db, Me, Viewer
from conduit.profiles import store
from conduit.profiles.messages import ProfileAnswer

router = APIRouter(prefix="/profiles")


@router.post("/{username:path}/follow")
async def follow(username: str, me: Me, db: Db) -> ProfileAnswer:
    return ProfileAnswer(profile=await db.write(store.follow, username, me.id))


@router.delete("/{username:path}/follow")
async def unfollow(username: str, me: Me, db: Db) -> ProfileAnswer:
    return ProfileAnswer(profile=await db.write(store.unfollow, username, me.id))


@router.get("/{username:path}")
async def profile(username: str, viewer: Viewer, db: Db) -> ProfileAnswer:
    viewer_id = viewer.id if viewer else None
    return ProfileAnswer(profile=await db.read(store.see, username, viewer_id))
