/*
 * What tests do in the database itself. `client` is a connection of their own, `tx` a transaction
 * of the server.
 */

export async function passwordHashOf(client, username) {
  const { rows } = await client.query('SELECT password_hash FROM users WHERE username = $1', [username]);
  return rows[0].password_hash;
}

/** Let all articles of that person be of one instant. */
export function dateArticles(client, username, createdAt) {
  return client.query(
    'UPDATE articles SET created_at = $2 WHERE author_id = (SELECT id FROM users WHERE username = $1)',
    [username, createdAt],
  );
}

export function insertArticles(client, username, count) {
  return client.query(
    `INSERT INTO articles (slug, author_id, title, description, body)
     SELECT username || n, id, 't', 'd', 'b' FROM users, generate_series(1, $2) n WHERE username = $1`,
    [username, count],
  );
}

export function insertUser(tx, username) {
  return tx.query(`INSERT INTO users (username, email, password_hash) VALUES ($1, $1 || '@x', '')`, [
    username,
  ]);
}

export function touchUser(tx, username) {
  return tx.query('UPDATE users SET bio = $2 WHERE username = $1', [username, 'touched']);
}

/** Lock an article; returns a function that unlocks it. */
export async function lockArticle(client, slug) {
  await client.query('BEGIN');
  await client.query('SELECT FROM articles WHERE slug = $1 FOR UPDATE', [slug]);
  return () => client.query('COMMIT');
}

/** Return once a session waits for a lock. */
export async function someoneWaitsForALock(client) {
  const { rows } = await client.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  if (rows.length === 0) await someoneWaitsForALock(client);
}

/** End the connections of the server. */
export function endConnections(client) {
  return client.query(
    `SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
     WHERE application_name = 'conduit' AND datname = current_database()`,
  );
}
