import { UniqueViolation } from '../db/errors.js';
import { forbidden, notFound } from '../http/refusals.js';
import { slugBase, slugFor } from './slug.js';
import { ARTICLE_COLUMNS } from './view.js';

/** The article with that slug as `viewerId` (or null) sees it, or undefined. */
export async function findArticle(db, slug, viewerId) {
  const [article] = await db.read(
    `SELECT ${ARTICLE_COLUMNS}, a.body
     FROM articles a JOIN users u ON u.id = a.author_id
     WHERE a.slug = ?`,
    [viewerId, viewerId, slug],
  );
  return article;
}

/** Store a new article with its tags, under a slug that nobody has. */
export function publishArticle(db, authorId, { title, description, body, tagList }) {
  return withFreeSlug((taken) =>
    db.transaction(async (tx) => {
      const slug = slugFor(title, taken);
      const { insertId } = await tx.query(
        'INSERT INTO articles (slug, author_id, title, description, body) VALUES (?, ?, ?, ?, ?)',
        [slug, authorId, title, description, body],
      );
      await addTags(tx, insertId, tagList);
      return findArticle(tx, slug, authorId);
    }),
  );
}

/** Change the given fields of an article of one's own; the slug follows the title. */
export function editArticle(db, slug, authorId, changes) {
  return withFreeSlug((taken) =>
    db.transaction(async (tx) => {
      const article = await lockOwnArticle(tx, slug, authorId);
      if (Object.keys(changes).length === 0) return findArticle(tx, slug, authorId);
      const newSlug = slugAfter(article, changes, taken);
      await updateArticle(tx, article.id, newSlug, changes);
      if (changes.tagList) await replaceTags(tx, article.id, changes.tagList);
      return findArticle(tx, newSlug, authorId);
    }),
  );
}

/** Delete an article of one's own, with everything that hangs on it. */
export async function deleteArticle(db, slug, authorId) {
  const { affectedRows } = await db.query('DELETE FROM articles WHERE slug = ? AND author_id = ?', [
    slug,
    authorId,
  ]);
  if (affectedRows === 0) await refuseOthers(db, slug);
}

async function refuseOthers(db, slug) {
  const found = await db.read('SELECT 1 FROM articles WHERE slug = ?', [slug]);
  throw found.length === 0 ? notFound('article') : forbidden('article');
}

async function lockOwnArticle(tx, slug, authorId) {
  const [article] = await tx.query(
    'SELECT id, slug, title, author_id FROM articles WHERE slug = ? FOR UPDATE',
    [slug],
  );
  if (!article) throw notFound('article');
  if (article.author_id !== authorId) throw forbidden('article');
  return article;
}

function slugAfter(article, { title = article.title }, taken) {
  const unchanged = slugBase(title) === slugBase(article.title);
  return unchanged ? article.slug : slugFor(title, taken);
}

// updated_at moves by a millisecond at least, as that is the smallest step an answer can show.
async function updateArticle(tx, id, slug, { title, description, body }) {
  await tx.query(
    `UPDATE articles
     SET slug = ?,
         title = coalesce(?, title),
         description = coalesce(?, description),
         body = coalesce(?, body),
         updated_at = greatest(now(6), updated_at + INTERVAL 1000 MICROSECOND)
     WHERE id = ?`,
    [slug, title, description, body, id],
  );
}

async function replaceTags(tx, id, tagList) {
  await tx.query('DELETE FROM article_tags WHERE article_id = ?', [id]);
  await addTags(tx, id, tagList);
}

async function addTags(tx, id, tagList) {
  if (tagList.length === 0) return;
  await tx.query('INSERT INTO article_tags (article_id, position, tag) VALUES ?', [
    tagList.map((tag, position) => [id, position, tag]),
  ]);
}

// Only the database knows for sure that a slug is free, so we ask by trying.
async function withFreeSlug(work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt > 1);
    } catch (error) {
      const taken = error instanceof UniqueViolation && error.constraint === 'articles_slug_key';
      if (!taken || attempt === 5) throw error;
    }
  }
}
