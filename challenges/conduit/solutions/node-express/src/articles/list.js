import { articleColumns } from './view.js';

/*
 * SQL: what each filter asks of `articles a`, with `value` the place of its parameter. Tags and
 * favourites are looked up first, as an array: else PostgreSQL may walk through all articles in
 * the hope of soon finding twenty that match.
 */
const CONDITIONS = {
  tag: (value) => `a.id = ANY (ARRAY(
    SELECT t.article_id FROM article_tags t WHERE t.tag = ${value}))`,
  author: (value) => `a.author_id = (SELECT w.id FROM users w WHERE w.username = ${value})`,
  favorited: (value) => `a.id = ANY (ARRAY(
    SELECT f.article_id FROM favorites f JOIN users w ON w.id = f.user_id WHERE w.username = ${value}))`,
  followedBy: (value) => `a.author_id IN (
    SELECT f.followed_id FROM follows f WHERE f.follower_id = ${value})`,
};

/**
 * One page of the articles that match every given filter, newest first, and how many match in all:
 * `{articles, total}`. Both come from one statement, so that they always fit each other.
 */
export async function listArticles(db, filters, { limit, offset }, viewerId) {
  const names = Object.keys(CONDITIONS).filter((name) => filters[name] !== undefined);
  const where = names.map((name, index) => CONDITIONS[name](`$${index + 4}`)).join(' AND ') || 'true';
  const { rows } = await db.read(statement(where), [
    viewerId,
    limit,
    offset,
    ...names.map((name) => filters[name]),
  ]);
  return { articles: rows.filter((row) => row.id !== null), total: rows[0].total };
}

const statement = (where) => `
  SELECT counted.total, page.*
  FROM (SELECT count(*) AS total FROM articles a WHERE ${where}) counted
  LEFT JOIN (
    SELECT ${articleColumns('$1')}
    FROM (
      SELECT a.* FROM articles a WHERE ${where}
      ORDER BY a.created_at DESC, a.id DESC LIMIT $2 OFFSET $3
    ) a JOIN users u ON u.id = a.author_id
  ) page ON true
  ORDER BY page.created_at DESC, page.id DESC`;
