import { profileView } from '../profiles/view.js';

/**
 * SQL: what an article's answer needs, from `articles a` and its author `users u`. `viewer` is the
 * place of the parameter that holds the id of the one who asks, or null.
 */
export const articleColumns = (viewer) => `
  a.id, a.slug, a.title, a.description, a.created_at, a.updated_at,
  ARRAY(SELECT t.tag FROM article_tags t WHERE t.article_id = a.id ORDER BY t.position) AS tags,
  (SELECT count(*) FROM favorites f WHERE f.article_id = a.id) AS favorites_count,
  EXISTS (SELECT FROM favorites f WHERE f.article_id = a.id AND f.user_id = ${viewer}) AS favorited,
  u.username, u.bio, u.image,
  EXISTS (SELECT FROM follows f WHERE f.follower_id = ${viewer} AND f.followed_id = u.id) AS following`;

/** An article as an answer shows it; without `body` when the row has none, as in lists. */
export function articleView(row) {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    body: row.body,
    tagList: row.tags,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    favorited: row.favorited,
    favoritesCount: row.favorites_count,
    author: profileView(row),
  };
}
