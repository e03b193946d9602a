"""What is sent to and from the account endpoints."""

from pydantic import BaseModel

from conduit.http.answers import Answer
from conduit.http.text import Email, Password, Text, Username


class NewUser(BaseModel):
    username: Username
    email: Email
    password: Password


class NewUserBody(BaseModel):
    user: NewUser


class Credentials(BaseModel):
    email: Text
    password: Text


class LoginBody(BaseModel):
    user: Credentials


class UserChange(BaseModel):
    """Only what was sent counts (`model_fields_set`); the defaults are never read."""

    username: Username = ""
    email: Email = ""
    password: Password = ""
    bio: Text | None = None
    image: Text | None = None


class UserChangeBody(BaseModel):
    user: UserChange


class Account(Answer):
    username: str
    email: str
    token: str
    bio: str | None
    image: str | None


class AccountAnswer(Answer):
    user: Account
