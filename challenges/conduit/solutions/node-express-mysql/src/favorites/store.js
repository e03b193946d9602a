import { findArticle } from '../articles/store.js';
import { notFound } from '../http/refusals.js';

/** Mark an article as a favourite of that person, if it is not yet; the article as they see it. */
export function addFavorite(db, slug, userId) {
  return withArticle(db, slug, userId, (tx, articleId) =>
    tx.query(
      `INSERT INTO favorites (user_id, article_id) VALUES (?, ?)
       ON DUPLICATE KEY UPDATE article_id = article_id`,
      [userId, articleId],
    ),
  );
}

/** Take the mark back, if there is one; the article as that person sees it. */
export function removeFavorite(db, slug, userId) {
  return withArticle(db, slug, userId, (tx, articleId) =>
    tx.query('DELETE FROM favorites WHERE user_id = ? AND article_id = ?', [userId, articleId]),
  );
}

// Whoever changes the favourites of an article waits here for the one before, so that each
// answer shows the count as it was after its own change and before the next.
function withArticle(db, slug, userId, change) {
  return db.transaction(async (tx) => {
    const [article] = await tx.query('SELECT id FROM articles WHERE slug = ? FOR UPDATE', [slug]);
    if (!article) throw notFound('article');
    await change(tx, article.id);
    return findArticle(tx, slug, userId);
  });
}
