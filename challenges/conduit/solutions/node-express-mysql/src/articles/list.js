import { ARTICLE_COLUMNS } from './view.js';

// SQL: what each filter asks of `articles a`, with a parameter for its value.
const CONDITIONS = {
  tag: 'a.id IN (SELECT t.article_id FROM article_tags t WHERE t.tag = ?)',
  author: 'a.author_id = (SELECT w.id FROM users w WHERE w.username = ?)',
  favorited: `a.id IN (
    SELECT f.article_id FROM favorites f JOIN users w ON w.id = f.user_id WHERE w.username = ?)`,
  followedBy: 'a.author_id IN (SELECT f.followed_id FROM follows f WHERE f.follower_id = ?)',
};

/**
 * One page of the articles that match every given filter, newest first, and how many match in all:
 * `{articles, total}`. Both come from one statement, so that they always fit each other.
 */
export async function listArticles(db, filters, { limit, offset }, viewerId) {
  const names = Object.keys(CONDITIONS).filter((name) => filters[name] !== undefined);
  const where = names.map((name) => CONDITIONS[name]).join(' AND ') || 'true';
  const values = names.map((name) => filters[name]);
  const rows = await db.read(statement(where), [
    ...values,
    viewerId,
    viewerId,
    ...values,
    limit,
    offset,
  ]);
  return { articles: rows.filter((row) => row.id !== null), total: rows[0].total };
}

const statement = (where) => `
  SELECT counted.total, page.*
  FROM (SELECT count(*) AS total FROM articles a WHERE ${where}) counted
  LEFT JOIN (
    SELECT ${ARTICLE_COLUMNS}
    FROM (
      SELECT a.* FROM articles a WHERE ${where}
      ORDER BY a.created_at DESC, a.id DESC LIMIT ? OFFSET ?
    ) a JOIN users u ON u.id = a.author_id
  ) page ON true
  ORDER BY page.created_at DESC, page.id DESC`;
