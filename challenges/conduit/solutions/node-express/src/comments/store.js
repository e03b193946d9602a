import { forbidden, notFound } from '../http/refusals.js';

/** The comments of an article, oldest first, as `viewerId` (or null) sees their authors. */
export async function listComments(db, slug, viewerId) {
  const { rows } = await db.read(
    `SELECT c.id, c.body, c.created_at, c.updated_at, u.username, u.bio, u.image,
            EXISTS (SELECT FROM follows f WHERE f.follower_id = $2 AND f.followed_id = u.id) AS following
     FROM articles a
     LEFT JOIN comments c ON c.article_id = a.id
     LEFT JOIN users u ON u.id = c.author_id
     WHERE a.slug = $1
     ORDER BY c.created_at, c.id`,
    [slug, viewerId],
  );
  if (rows.length === 0) throw notFound('article');
  return rows.filter((row) => row.id !== null);
}

/** Store a comment of `author` on an article. */
export async function addComment(db, slug, author, body) {
  const { rows } = await db.query(
    `INSERT INTO comments (article_id, author_id, body)
     SELECT a.id, $2, $3 FROM articles a WHERE a.slug = $1
     RETURNING id, body, created_at, updated_at`,
    [slug, author.id, body],
  );
  if (rows.length === 0) throw notFound('article');
  return { ...author, ...rows[0], following: false };
}

/** Delete a comment of one's own, under the article that it belongs to. */
export async function deleteComment(db, slug, commentId, authorId) {
  const { rowCount } = await db.query(
    `DELETE FROM comments c USING articles a
     WHERE c.id = $1 AND c.author_id = $3 AND a.id = c.article_id AND a.slug = $2`,
    [commentId, slug, authorId],
  );
  if (rowCount === 0) await refuseOthers(db, slug, commentId);
}

async function refuseOthers(db, slug, commentId) {
  const { rowCount } = await db.read(
    `SELECT FROM comments c JOIN articles a ON a.id = c.article_id WHERE c.id = $1 AND a.slug = $2`,
    [commentId, slug],
  );
  throw rowCount === 0 ? notFound('comment') : forbidden('comment');
}
