"""What the one who asks, %(me)s, sees of an article `a` and a person `u`: columns in SQL."""

PROFILE = """u.username, u.bio, u.image,
    EXISTS (SELECT FROM follows WHERE follower_id = %(me)s AND followed_id = u.id) AS following"""
MARKS = """
    (SELECT count(*) FROM favorites WHERE article_id = a.id) AS favorites_count,
    EXISTS (SELECT FROM favorites WHERE article_id = a.id AND user_id = %(me)s) AS favorited"""
FAVORITED_BY = """EXISTS (
    SELECT FROM favorites f JOIN users fan ON fan.id = f.user_id
    WHERE f.article_id = a.id AND fan.username = %(favorited)s)"""
