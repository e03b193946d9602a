import { forbidden, notFound } from '../http/refusals.js';

/** The comments of an article, oldest first, as `viewerId` (or null) sees their authors. */
export async function listComments(db, slug, viewerId) {
  const rows = await db.read(
    `SELECT c.id, c.body, c.created_at, c.updated_at, u.username, u.bio, u.image,
            EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ? AND f.followed_id = u.id) AS following
     FROM articles a
     LEFT JOIN comments c ON c.article_id = a.id
     LEFT JOIN users u ON u.id = c.author_id
     WHERE a.slug = ?
     ORDER BY c.created_at, c.id`,
    [viewerId, slug],
  );
  if (rows.length === 0) throw notFound('article');
  return rows.filter((row) => row.id !== null);
}

/** Store a comment of `author` on an article. */
export function addComment(db, slug, author, body) {
  return db.transaction(async (tx) => {
    const { affectedRows, insertId } = await tx.query(
      `INSERT INTO comments (article_id, author_id, body)
       SELECT a.id, ?, ? FROM articles a WHERE a.slug = ?`,
      [author.id, body, slug],
    );
    if (affectedRows === 0) throw notFound('article');
    const [comment] = await tx.query('SELECT id, body, created_at, updated_at FROM comments WHERE id = ?', [
      insertId,
    ]);
    return { ...author, ...comment, following: false };
  });
}

/** Delete a comment of one's own, under the article that it belongs to. */
export async function deleteComment(db, slug, commentId, authorId) {
  const { affectedRows } = await db.query(
    `DELETE FROM comments
     WHERE id = ? AND author_id = ? AND article_id = (SELECT a.id FROM articles a WHERE a.slug = ?)`,
    [commentId, authorId, slug],
  );
  if (affectedRows === 0) await refuseOthers(db, slug, commentId);
}

async function refuseOthers(db, slug, commentId) {
  const found = await db.read(
    'SELECT 1 FROM comments c JOIN articles a ON a.id = c.article_id WHERE c.id = ? AND a.slug = ?',
    [commentId, slug],
  );
  throw found.length === 0 ? notFound('comment') : forbidden('comment');
}
