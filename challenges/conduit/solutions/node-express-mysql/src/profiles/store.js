/** The person of that name as `viewerId` (or null) sees them, or undefined. */
export async function findProfile(db, username, viewerId) {
  const [person] = await db.read(
    `SELECT u.id, u.username, u.bio, u.image,
            EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ? AND f.followed_id = u.id) AS following
     FROM users u
     WHERE u.username = ?`,
    [viewerId, username],
  );
  return person;
}

/** Let `followerId` follow that person, if they do not yet and are not the same; the profile, or undefined. */
export async function follow(db, username, followerId) {
  const person = await findProfile(db, username, followerId);
  if (!person || person.id === followerId) return person;
  // INSERT IGNORE would also pass over a person who is gone.
  await db.query(
    `INSERT INTO follows (follower_id, followed_id) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE followed_id = followed_id`,
    [followerId, person.id],
  );
  return { ...person, following: true };
}

/** Let `followerId` follow that person no longer; the profile, or undefined. */
export async function unfollow(db, username, followerId) {
  const person = await findProfile(db, username, followerId);
  if (!person) return undefined;
  await db.query('DELETE FROM follows WHERE follower_id = ? AND followed_id = ?', [followerId, person.id]);
  return { ...person, following: false };
}
