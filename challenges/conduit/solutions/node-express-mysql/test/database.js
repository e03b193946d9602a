/*
 * What tests do in the database itself. `client` is a connection of their own, `tx` a transaction
 * of the server.
 */

export async function passwordHashOf(client, username) {
  const [rows] = await client.query('SELECT password_hash FROM users WHERE username = ?', [username]);
  return rows[0].password_hash;
}

/** Let all articles of that person be of one instant. */
export function dateArticles(client, username, createdAt) {
  return client.query(
    'UPDATE articles SET created_at = ? WHERE author_id = (SELECT id FROM users WHERE username = ?)',
    [createdAt, username],
  );
}

export function insertArticles(client, username, count) {
  return client.query(
    `INSERT INTO articles (slug, author_id, title, description, body)
     WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
     SELECT concat(username, n), id, 't', 'd', 'b' FROM users, numbers WHERE username = ?`,
    [count, username],
  );
}

export function insertUser(tx, username) {
  return tx.query("INSERT INTO users (username, email, password_hash) VALUES (?, concat(?, '@x'), '')", [
    username,
    username,
  ]);
}

export function touchUser(tx, username) {
  return tx.query('UPDATE users SET bio = ? WHERE username = ?', ['touched', username]);
}

/** Lock an article; returns a function that unlocks it. */
export async function lockArticle(client, slug) {
  await client.query('START TRANSACTION');
  await client.query('SELECT 1 FROM articles WHERE slug = ? FOR UPDATE', [slug]);
  return () => client.query('COMMIT');
}

/** Return once a session has begun to ask for a lock, which it does not get. */
export async function someoneWaitsForALock(client) {
  const asking = (await otherSessions(client)).filter((each) => /FOR UPDATE/.test(each.info));
  if (asking.length === 0) await someoneWaitsForALock(client);
}

/** End the connections of the server. */
export async function endConnections(client) {
  for (const { id } of await otherSessions(client)) await client.query('KILL ?', [id]);
}

async function otherSessions(client) {
  const [rows] = await client.query(
    'SELECT id, info FROM information_schema.processlist WHERE db = database() AND id <> connection_id()',
  );
  return rows;
}
