"""Password hashing blocks no other request (W3) and happens outside transactions (W5)."""

from __future__ import annotations

from functools import partial

from worksample.checks import Answer, Meaning
from worksample.suites import password_hashing

from ..operations import LOGIN, REGISTER, UPDATE_USER
from ..world import CHANGING, REGISTERING, SIGNING_IN, Conduit, Person


class SigningIn:
    """Signing in to an account, and reading the tags beside it."""

    meaning = Meaning.OK
    needs = SIGNING_IN
    cheap_name = "GET /tags"
    cheap_needs = "the-tags-in-use-are-listed-once"
    person: Person

    def __init__(self, world: Conduit) -> None:
        self.world = world

    async def prepare(self) -> None:
        """Open the account."""
        self.person = await self.world.sign_up()

    async def slow(self) -> Answer:
        """Sign in."""
        return await self.world.log_in(self.person.email, self.person.password)

    async def cheap(self) -> Answer:
        """Read the tags."""
        label = "a visitor reads the tags"
        return await self.world.send("GET", "/tags", label=label, fresh=True)


class Registering(SigningIn):
    """Registering a new account each time."""

    meaning = Meaning.CREATED
    needs = REGISTERING

    async def prepare(self) -> None:
        """Nothing is needed."""

    async def slow(self) -> Answer:
        """Register."""
        return await self.world.register(self.world.new_account())


class ChangingPassword(SigningIn):
    """Changing the password of an account."""

    needs = CHANGING

    async def slow(self) -> Answer:
        """Change the password; a token in the answer replaces the old one."""
        answer = await self.person.change(password=self.world.password())
        if answer.status == 200:
            token = self.person.token_from(answer)
            self.person = Person(self.world, self.person.username, token)
        return answer


readers = partial(password_hashing.hashing_does_not_hold_up_readers.declare, clause="W3", stage=7)
transactions = partial(
    password_hashing.no_transaction_is_open_while_hashing.declare, clause="W5", stage=7
)
CHECKS = [
    *readers(
        SigningIn,
        id="signing-in-does-not-hold-up-readers",
        operations=(LOGIN,),
        title="Signing in does not hold up readers",
        why="Password hashes are slow on purpose. Computed on the event loop, twenty sign-ins "
        "block all other requests for a second or two.",
    ),
    *readers(
        Registering,
        id="registering-does-not-hold-up-readers",
        operations=(REGISTER,),
        title="Registering does not hold up readers",
        why="When many people register at once, readers must not wait for their password hashes.",
    ),
    *transactions(
        SigningIn,
        id="no-transaction-is-open-while-a-password-is-checked",
        operations=(LOGIN,),
        title="No transaction is open while a password is checked",
        why="Each sign-in then occupies a pooled connection while it hashes: ten sign-ins at once, "
        "and no other request gets a connection.",
    ),
    *transactions(
        Registering,
        id="no-transaction-is-open-while-registering",
        operations=(REGISTER,),
        title="No transaction is open while the password of a new account is hashed",
    ),
    *transactions(
        ChangingPassword,
        id="no-transaction-is-open-while-a-password-is-changed",
        operations=(UPDATE_USER,),
        title="No transaction is open while a changed password is hashed",
        why="The row of the account is often locked by then: other requests of the same account "
        "wait.",
    ),
]
