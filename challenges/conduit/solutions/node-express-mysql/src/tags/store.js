/** The tags in use, each once, in alphabetical order: MySQL jumps from one to the next in their index. */
export async function listTags(db) {
  const rows = await db.read('SELECT DISTINCT tag FROM article_tags ORDER BY tag');
  return rows.map((row) => row.tag);
}
