"""What the one who asks, %(me)s, sees of an article `a` and a person `u`: columns in SQL."""

PROFILE = "u.username, u.bio, u.image, false AS following"
MARKS = "0 AS favorites_count, false AS favorited"
FAVORITED_BY = "false"
