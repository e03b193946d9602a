"""Who asks: the callables that Ninja is given as `auth`."""

from django.http import HttpRequest

from accounts import tokens
from accounts.models import User, Visitor
from conduit.database import reads
from conduit.http.refusals import unknown_asker


class Asking(HttpRequest):
    """A request whose asker is known."""

    auth: User


class Visiting(HttpRequest):
    """A request that anyone may make."""

    auth: User | Visitor


def anyone(request: HttpRequest) -> User | Visitor:
    """Whoever asks, also without an Authorization header; a bad token is refused (S2)."""
    header = request.headers.get("Authorization")
    if header is None:
        return Visitor()
    scheme, _, token = header.partition(" ")
    claims = tokens.read(token.strip()) if scheme.lower() == "token" else None
    user = _find(*claims) if claims else None
    if user is None:
        raise unknown_asker()
    return user


def signed_in(request: HttpRequest) -> User:
    """The account whose token came with the request."""
    user = anyone(request)
    if isinstance(user, Visitor):
        raise unknown_asker()
    return user


@reads
def _find(user_id: int, version: int) -> User | None:
    return User.objects.defer("password").filter(pk=user_id, token_version=version).first()
