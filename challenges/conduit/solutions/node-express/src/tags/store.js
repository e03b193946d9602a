/**
 * The tags in use, each once, in alphabetical order. The index is asked for the next greater tag
 * again and again, so that the cost grows with the number of tags, not with that of articles:
 * https://wiki.postgresql.org/wiki/Loose_indexscan
 */
export async function listTags(db) {
  const { rows } = await db.read(`
    WITH RECURSIVE used (tag) AS (
      SELECT min(tag) FROM article_tags
      UNION ALL
      SELECT (SELECT min(t.tag) FROM article_tags t WHERE t.tag > used.tag)
      FROM used WHERE used.tag IS NOT NULL
    )
    SELECT tag FROM used WHERE tag IS NOT NULL`);
  return rows.map((row) => row.tag);
}
