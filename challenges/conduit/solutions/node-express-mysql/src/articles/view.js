import { profileView } from '../profiles/view.js';

/**
 * SQL: what an article's answer needs, from `articles a` and its author `users u`. It has two
 * parameters, both the id of the one who asks, or null.
 */
export const ARTICLE_COLUMNS = `
  a.id, a.slug, a.title, a.description, a.created_at, a.updated_at,
  (SELECT json_objectagg(t.position, t.tag) FROM article_tags t WHERE t.article_id = a.id) AS tags,
  (SELECT count(*) FROM favorites f WHERE f.article_id = a.id) AS favorites_count,
  EXISTS (SELECT 1 FROM favorites f WHERE f.article_id = a.id AND f.user_id = ?) AS favorited,
  u.username, u.bio, u.image,
  EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = ? AND f.followed_id = u.id) AS following`;

/** An article as an answer shows it; without `body` when the row has none, as in lists. */
export function articleView(row) {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    body: row.body,
    tagList: tagsOf(row),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    favorited: Boolean(row.favorited),
    favoritesCount: row.favorites_count,
    author: profileView(row),
  };
}

// By position: JavaScript keeps members whose names are whole numbers in their order. MySQL's
// driver reads JSON, MariaDB's columns of JSON are texts.
function tagsOf({ tags }) {
  return Object.values((typeof tags === 'string' ? JSON.parse(tags) : tags) ?? {});
}
