"""Injection: input never becomes part of an SQL statement or of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from worksample.checks import Answer, Aspect, Suite, World, expect
from worksample.messages import message
from worksample.suites.accounts import Accounts
from worksample.suites.paging import PagedList

HINT = "Pass values as parameters of the statement; never build SQL from strings."
WHY = "With SQL injection, one search field reads, changes or deletes the whole database."
ALWAYS_TRUE = ("' OR '1'='1", "' OR 1=1 --", '" OR "1"="1', "') OR ('1'='1", "\\' OR 1=1 --")
NO_NUMBERS = ("0 UNION SELECT 1", "(SELECT 1)", "1;SELECT 1", "1 OFFSET 1", "1--")
QUOTES = "O'Brien said \"it's 100% \\ done\"; -- /* really */ $1 %s :name {0} ${x} #{y} 'x''y'"


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of storing a text.

    values: (name of the place, what it must hold, what it holds).
    answers: answers that hold the text.
    """

    values: Sequence[tuple[str, Any, Any]]
    answers: Sequence[Answer] = ()


class Queries(Protocol):
    """The places where input reaches a statement."""

    @property
    def accounts(self) -> Accounts:
        """Makes accounts."""

    @property
    def entries(self) -> PagedList:
        """A paged list."""

    @property
    def filters(self) -> Sequence[str]:
        """The text filters of a list."""

    @property
    def list_name(self) -> str:
        """What the list holds, for findings."""

    async def prepare(self) -> None:
        """Create an entry that the filters could find and the paths could name."""

    async def filter(self, name: str, text: str) -> Answer:
        """Request the list with one filter."""

    def listed(self, answer: Answer) -> Any:
        """Return the entries on a page, as they are."""

    async def name_in_paths(self, text: str) -> list[Answer]:
        """Use names that end with `text`, and that nothing has, in paths; also in a deletion."""

    async def read_prepared(self) -> Answer:
        """Read what `prepare` created."""

    async def store(self, text: str) -> Stored:
        """Store `text` wherever texts can be stored, and read it back."""

    async def store_markup(self, text: str) -> Stored:
        """Store `text`, which holds HTML, and read it back; its answers must be JSON."""


CITES = "OWASP API8:2023; OWASP Injection (CWE-89)"
SUITE = Suite[Queries](
    "injection",
    Queries,
    aspect=Aspect.SECURITY,
    skills=("security-practices", "relational-databases"),
    cites=CITES,
)


@SUITE.check(
    title="Filters treat what they are given as data, not as SQL",
    why=WHY,
    hint=HINT,
)
async def filters_are_no_sql(world: World, queries: Queries) -> None:
    await queries.prepare()
    counter = queries.entries.counter
    for name in queries.filters:
        for text in ALWAYS_TRUE:
            answer = expect(await queries.filter(name, text)).ok(
                because="a filter that nothing matches gives an empty list"
            )
            expect(
                queries.entries.total(answer),
                message("{counter} for {name}={text}", counter=counter, name=name, text=text),
            ).equals(0)
            what = message(
                "the {listed} for {name}={text}", listed=queries.list_name, name=name, text=text
            )
            expect(queries.listed(answer), what).equals([])


@SUITE.check(
    title="Nobody signs in with SQL instead of a password",
    why="It is the oldest attack on a login, and it still works on many servers.",
    hint=HINT,
)
async def a_login_is_no_sql(world: World, queries: Queries) -> None:
    account = await queries.accounts.own_account()
    tries = [(f"{account.login}' --", account.password)]
    for text in ALWAYS_TRUE:
        tries += [(f"{account.login}{text}", account.password), (account.login, text)]
    for login, password in tries:
        expect(await queries.accounts.log_in(login, password)).refused(
            because="no account has this address and password"
        )


@SUITE.check(title="Names in paths are data, not SQL", why=WHY, hint=HINT)
async def paths_are_no_sql(world: World, queries: Queries) -> None:
    await queries.prepare()
    for text in ALWAYS_TRUE:
        for answer in await queries.name_in_paths(text):
            expect(answer).refused(because="nothing has this name")
    expect(await queries.read_prepared()).ok(
        because="the path names nothing, so nothing may be deleted"
    )


@SUITE.check(
    title="Paging parameters are numbers, not SQL",
    why=WHY,
    hint="Parse numbers before you use them, and pass them as parameters too.",
)
async def paging_is_no_sql(world: World, queries: Queries) -> None:
    entries = queries.entries
    await entries.fill(3)
    for text in NO_NUMBERS:
        for name in ("limit", "offset"):
            answer = await entries.page(entries.views[0], **{name: text})
            expect(answer).not_server_error(because="it is refused, or replaced by a number")
            if answer.status == 200:
                what = message(
                    "{counter} for {name}={text}", counter=entries.counter, name=name, text=text
                )
                expect(entries.total(answer), what).equals(3)


@SUITE.check(
    title="Quotes in texts are stored as they are",
    why="Every customer list has an O'Brien, and a quote that breaks a statement is the sign of "
    "one that can be injected.",
    hint=HINT,
)
async def quotes_are_stored_as_they_are(world: World, queries: Queries) -> None:
    stored = await queries.store(QUOTES)
    for name, wanted, seen in stored.values:
        expect(seen, name).equals(wanted)


@SUITE.check(
    title="Stored markup comes back as data, and as JSON",
    why="If a browser takes the response for a page, it runs scripts that a stranger wrote. If the "
    "text is “sanitised”, people who write about HTML lose it.",
    cites="OWASP API8:2023 (CWE-79)",
    skills=("security-practices", "api-design"),
)
async def markup_is_data(world: World, queries: Queries) -> None:
    word = world.unique_name()
    text = f"<script>alert('{word}')</script><b>&amp;</b> & <img src=x onerror=alert(1)>"
    stored = await queries.store_markup(text)
    for name, wanted, seen in stored.values:
        expect(seen, name).equals(wanted)
    for answer in stored.answers:
        kind = answer.response.header("content-type")
        expect(kind.partition(";")[0].strip().lower(), "the content type").equals(
            "application/json"
        )
