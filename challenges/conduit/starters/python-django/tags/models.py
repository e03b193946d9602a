"""The tags that articles can have."""

from django.db import models


class Tag(models.Model):
    """A tag, by its name."""

    name = models.TextField(primary_key=True)

    class Meta:
        ordering = ["name"]
