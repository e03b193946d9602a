"""The client of the notes challenge."""

from __future__ import annotations

from worksample.checks import Answer, Meaning, StagedOperation, precondition, segment
from worksample.suites.account_member import AccountApi, Json, Member
from worksample.suites.account_world import AccountWorld
from worksample.suites.url_names import Named

REGISTERING = "registering-opens-an-account"
WRITING = "a-note-is-read-as-it-was-written"


class Person(Member["Notes"]):
    """A visitor or a person with an account."""


class Notes(AccountWorld[Person]):
    """Sends the requests of the notes API."""

    operations = (
        StagedOperation("register", 1, REGISTERING),
        StagedOperation("signIn", 1, "signing-in-opens-the-account"),
        StagedOperation("readPerson", 1, REGISTERING),
        StagedOperation("changePerson", 1, "a-name-can-be-changed"),
        StagedOperation("write", 2, WRITING),
        StagedOperation("read", 2, WRITING),
        StagedOperation("rewrite", 2, "a-new-title-may-be-any"),
        StagedOperation("remove", 2, "a-title-can-be-used-again-after-a-deletion"),
    )
    api = AccountApi(
        register="/people", login="/session", own="/person", member="person", name="name",
        text="name", registering_check=REGISTERING,
        signing_in_check="signing-in-opens-the-account",
        changing_check="a-name-can-be-changed",
    )  # fmt: skip

    def person(self, name: str = "", token: str | None = None, **account: str) -> Person:
        """Return a client that sends `token`."""
        return Person(self, name, token, **account)


class TitledNotes:
    """Notes, as title and text show them; the adapter of the suites about names in URLs."""

    world: Notes
    thing, name = "note", "slug"
    texts = ("title", "text")
    longest = 80
    reserved = ()

    def __init__(self, world: Notes) -> None:
        self.world = world

    def fields(self, title: str) -> Json:
        """Return the fields of a note."""
        return {"title": title, "text": self.world.unique_name("text ")}

    async def create(self, author: Person, fields: Json) -> Answer:
        """Write a note."""
        return await author.ask("POST", "/notes", "writes a note", payload={"note": fields})

    async def retitle(self, author: Person, name: str, title: str) -> Answer:
        """Change the title."""
        payload = {"note": {"title": title}}
        return await author.ask("PUT", f"/notes/{segment(name)}", "retitles it", payload=payload)

    async def retitle_in_working_form(self, author: Person, name: str, title: str) -> Answer:
        """Change the title."""
        return await self.retitle(author, name, title)

    async def read(self, reader: Person, name: str) -> Answer:
        """Read a note."""
        return await reader.ask("GET", f"/notes/{segment(name)}", "reads it")

    async def exists(self, author: Person, title: str = "") -> Named:
        """Write a note, as a precondition."""
        fields = self.fields(title or f"On {self.world.unique_name()}")
        answer = precondition(await self.create(author, fields), Meaning.CREATED, needs=WRITING)
        return Named(str(answer.at("note", "slug")), fields)

    async def is_retitled(self, author: Person, thing: Named, title: str) -> Named:
        """Change the title, as a precondition."""
        answer = await self.retitle(author, thing.name, title)
        precondition(answer, Meaning.OK, needs=WRITING)
        return Named(str(answer.at("note", "slug")), {**thing.sent, "title": title})

    async def is_gone(self, author: Person, thing: Named) -> None:
        """Delete a note, as a precondition."""
        answer = await author.ask("DELETE", f"/notes/{segment(thing.name)}", "deletes it")
        precondition(answer, Meaning.DELETED, needs=WRITING)
