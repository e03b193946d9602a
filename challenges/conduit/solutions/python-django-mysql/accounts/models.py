"""Accounts, and who follows whom. That names are unique is the database's word (A2, M1)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value

# Names, tags and texts are what was written: no two letters or emoji are taken for one. It makes
# the columns utf8mb4 as well, whatever the database has by default.
EXACT = "utf8mb4_bin"
# lower() may make a text longer: "İ" becomes two characters.
MAX_KEY = 2 * 254


def email_key(email: str) -> str:
    """What two spellings of one address have in common (A5)."""
    return email.strip().lower()


class Visitor:
    """Somebody who is not signed in. (Django's own AnonymousUser brings groups and permissions.)"""

    pk = None


class UserQuerySet(models.QuerySet["User"]):
    """Accounts, as somebody sees them."""

    def seen_by(self, viewer: "User | Visitor") -> "UserQuerySet":
        """Add `following`: whether the one who asks follows this account (P3)."""
        return self.annotate(following=followed_by(viewer, "pk"))


class User(AbstractBaseUser):
    """An account."""

    username = models.CharField(max_length=64, db_collation=EXACT)
    email = models.CharField(max_length=254, db_collation=EXACT)
    # The address in lower case, made in Python: each collation has its own idea of equal letters.
    email_key = models.CharField(max_length=MAX_KEY, db_collation=EXACT)
    # Goes up with each change of password; a token holds the one of its time.
    token_version = models.IntegerField(default=1)
    bio = models.TextField(null=True, db_collation=EXACT)
    image = models.TextField(null=True, db_collation=EXACT)
    created_at = models.DateTimeField(auto_now_add=True)
    # Signing in writes nothing.
    last_login = None

    objects = UserQuerySet.as_manager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="users_username_taken"),
            models.UniqueConstraint(fields=["email_key"], name="users_email_taken"),
        ]


class Follow(models.Model):
    """`follower` follows `followed`. The constraint is the index by follower."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="follows", db_index=False)
    followed = models.ForeignKey(User, models.CASCADE, related_name="followers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follows_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="follows_somebody_else"
            ),
        ]


def followed_by(viewer: User | Visitor, person: str) -> Exists | Value:
    """The expression that says whether `viewer` follows the account whose id is in `person`."""
    if viewer.pk is None:
        return Value(False)
    return Exists(Follow.objects.filter(follower=viewer.pk, followed=OuterRef(person)))
