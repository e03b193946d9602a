/** The person of that name as `viewerId` (or null) sees them, or undefined. */
export async function findProfile(db, username, viewerId) {
  const { rows } = await db.read(
    `SELECT u.id, u.username, u.bio, u.image,
            EXISTS (SELECT FROM follows f WHERE f.follower_id = $2 AND f.followed_id = u.id) AS following
     FROM users u
     WHERE u.username = $1`,
    [username, viewerId],
  );
  return rows[0];
}

/** Let `followerId` follow that person, if they do not yet and are not the same; the profile, or undefined. */
export async function follow(db, username, followerId) {
  const { rows } = await db.query(
    `WITH followed AS (SELECT id, username, bio, image FROM users WHERE username = $1),
          added AS (INSERT INTO follows (follower_id, followed_id)
                    SELECT $2, id FROM followed WHERE id <> $2
                    ON CONFLICT DO NOTHING)
     SELECT id, username, bio, image, true AS following FROM followed`,
    [username, followerId],
  );
  return rows[0];
}

/** Let `followerId` follow that person no longer; the profile, or undefined. */
export async function unfollow(db, username, followerId) {
  const { rows } = await db.query(
    `WITH followed AS (SELECT id, username, bio, image FROM users WHERE username = $1),
          removed AS (DELETE FROM follows
                      WHERE follower_id = $2 AND followed_id = (SELECT id FROM followed))
     SELECT id, username, bio, image, false AS following FROM followed`,
    [username, followerId],
  );
  return rows[0];
}
