"""What can be done to accounts, and to who follows whom."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError

from accounts.models import Follow, User, Visitor, email_key
from conduit.database import reads, run_again, stored_whole, violated
from conduit.http.refusals import invalid, not_found, unknown_asker

_FIELD_OF_CONSTRAINT = {"users_username_taken": "username", "users_email_taken": "email"}


def register(username: str, email: str, password_hash: str) -> User:
    """Open an account; refused with 422 if the name or the address is taken."""
    with _taken_is_refused():
        return _register(username, email, password_hash)


@run_again
def _register(username: str, email: str, password_hash: str) -> User:
    return User.objects.create(
        username=username, email=email, email_key=email_key(email), password=password_hash
    )


@reads
def find_for_login(email: str) -> User | None:
    return User.objects.filter(email_key=email_key(email)).first()


def change(user: User, values: Mapping[str, Any]) -> User:
    """Set these fields of an account; refused with 422 if a name is taken."""
    with _taken_is_refused():
        return _change(user.pk, values)


@stored_whole
def _change(user_id: int, values: Mapping[str, Any]) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise unknown_asker()
    changed = dict(values)
    if "email" in changed:
        changed["email_key"] = email_key(changed["email"])
    if "password" in changed:  # No token from before is good any longer (S10).
        changed["token_version"] = user.token_version + 1
    for field, value in changed.items():
        setattr(user, field, value)
    user.save(update_fields=changed)
    return user


@reads
def profile(username: str, viewer: User | Visitor) -> User:
    """The account as the viewer sees it; refused with 404 if nobody has this name."""
    found = User.objects.seen_by(viewer).filter(username=username).first()
    if found is None:
        raise not_found("profile")
    return found


def follow(username: str, me: User) -> User:
    """Follow, once or again; nobody follows themselves (422)."""
    person = profile(username, me)
    if person.pk == me.pk:
        raise invalid("username", "is your own: nobody follows themselves")
    _follow(person, me)
    person.following = True
    return person


def unfollow(username: str, me: User) -> User:
    person = profile(username, me)
    _unfollow(person, me)
    person.following = False
    return person


@run_again
def _follow(person: User, me: User) -> None:
    """Not by `ignore_conflicts`: INSERT IGNORE ignores whatever is wrong."""
    Follow.objects.bulk_create(
        [Follow(follower=me, followed=person)], update_conflicts=True, update_fields=["followed"]
    )


@run_again
def _unfollow(person: User, me: User) -> None:
    Follow.objects.filter(follower=me, followed=person).delete()


@contextmanager
def _taken_is_refused() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        field = _FIELD_OF_CONSTRAINT.get(violated(error))
        if field is None:
            raise
        raise invalid(field, "has already been taken") from None
