import { UniqueViolation } from '../db/errors.js';
import { forbidden, notFound } from '../http/refusals.js';
import { slugBase, slugFor } from './slug.js';
import { articleColumns } from './view.js';

/** The article with that slug as `viewerId` (or null) sees it, or undefined. */
export async function findArticle(db, slug, viewerId) {
  const { rows } = await db.read(
    `SELECT ${articleColumns('$2')}, a.body
     FROM articles a JOIN users u ON u.id = a.author_id
     WHERE a.slug = $1`,
    [slug, viewerId],
  );
  return rows[0];
}

/** Store a new article with its tags, under a slug that nobody has. */
export function publishArticle(db, authorId, { title, description, body, tagList }) {
  return withFreeSlug((taken) =>
    db.transaction(async (tx) => {
      const { rows } = await tx.query(
        `INSERT INTO articles (slug, author_id, title, description, body)
         VALUES ($1, $2, $3, $4, $5)
         RETURNING id, slug`,
        [slugFor(title, taken), authorId, title, description, body],
      );
      await addTags(tx, rows[0].id, tagList);
      return findArticle(tx, rows[0].slug, authorId);
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
  const { rowCount } = await db.query('DELETE FROM articles WHERE slug = $1 AND author_id = $2', [
    slug,
    authorId,
  ]);
  if (rowCount === 0) await refuseOthers(db, slug);
}

async function refuseOthers(db, slug) {
  const { rowCount } = await db.read('SELECT FROM articles WHERE slug = $1', [slug]);
  throw rowCount === 0 ? notFound('article') : forbidden('article');
}

async function lockOwnArticle(tx, slug, authorId) {
  const { rows } = await tx.query(
    'SELECT id, slug, title, author_id FROM articles WHERE slug = $1 FOR UPDATE',
    [slug],
  );
  if (rows.length === 0) throw notFound('article');
  if (rows[0].author_id !== authorId) throw forbidden('article');
  return rows[0];
}

function slugAfter(article, { title = article.title }, taken) {
  const unchanged = slugBase(title) === slugBase(article.title);
  return unchanged ? article.slug : slugFor(title, taken);
}

// updated_at moves by a millisecond at least, as that is the smallest step an answer can show.
async function updateArticle(tx, id, slug, { title, description, body }) {
  await tx.query(
    `UPDATE articles
     SET slug = $2,
         title = coalesce($3, title),
         description = coalesce($4, description),
         body = coalesce($5, body),
         updated_at = greatest(now(), updated_at + interval '1 millisecond')
     WHERE id = $1`,
    [id, slug, title, description, body],
  );
}

async function replaceTags(tx, id, tagList) {
  await tx.query('DELETE FROM article_tags WHERE article_id = $1', [id]);
  await addTags(tx, id, tagList);
}

async function addTags(tx, id, tagList) {
  if (tagList.length === 0) return;
  await tx.query(
    `INSERT INTO article_tags (article_id, position, tag)
     SELECT $1, position, tag FROM unnest($2::text[]) WITH ORDINALITY AS sent (tag, position)`,
    [id, tagList],
  );
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
