"""What is sent to and from the endpoints of accounts and profiles."""

from conduit.http.schemas import CamelSchema, Object
from conduit.http.text import Email, Password, Text, Username


class NewUser(CamelSchema):
    username: Username
    email: Email
    password: Password


class NewUserBody(CamelSchema):
    user: Object[NewUser]


class Credentials(CamelSchema):
    email: Text
    password: Text


class LoginBody(CamelSchema):
    user: Object[Credentials]


class UserChange(CamelSchema):
    """Only what was sent counts (`model_fields_set`); the defaults are never read."""

    username: Username = ""
    email: Email = ""
    password: Password = ""
    bio: Text | None = None
    image: Text | None = None


class UserChangeBody(CamelSchema):
    user: Object[UserChange]


class Account(CamelSchema):
    username: str
    email: str
    token: str
    bio: str | None
    image: str | None


class AccountAnswer(CamelSchema):
    user: Account


class Profile(CamelSchema):
    """A person as others see them."""

    username: str
    bio: str | None
    image: str | None
    following: bool


class ProfileAnswer(CamelSchema):
    profile: Profile
