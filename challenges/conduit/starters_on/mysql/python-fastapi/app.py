"""Conduit, stage 1: it starts and answers."""

from fastapi import FastAPI

from database import transaction

app = FastAPI()


@app.get("/api/tags")
def tags() -> dict[str, list[str]]:
    with transaction() as cursor:
        cursor.execute("SELECT name FROM tags ORDER BY name")
        return {"tags": [name for (name,) in cursor.fetchall()]}
