"""The sailing endpoints."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from booking.accounts.asking import Db, Operator
from booking.http.inputs import Id, Limit, Offset, json_body
from booking.sailings import store
from booking.sailings.messages import NewSailingBody, SailingAnswer, SailingsAnswer

router = APIRouter(prefix="/sailings")


@router.get("")
async def list_sailings(
    db: Db,
    from_port: Annotated[str | None, Query(alias="from")] = None,
    to_port: Annotated[str | None, Query(alias="to")] = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> SailingsAnswer:
    return await db.read(store.list_next, from_port, to_port, limit, offset)


@router.post("", status_code=201)
async def open_sailing(
    _: Operator,
    body: Annotated[NewSailingBody, Depends(json_body(NewSailingBody))],
    db: Db,
) -> SailingAnswer:
    return SailingAnswer(sailing=await db.write(store.add, body.sailing))


@router.get("/{sailing_id}")
async def read_sailing(sailing_id: Id, db: Db) -> SailingAnswer:
    return SailingAnswer(sailing=await db.read(store.read, sailing_id))
