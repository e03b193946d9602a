import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const FOLDER = new URL('../../migrations/', import.meta.url);

// Any number will do, as long as nobody else uses it: whoever holds it migrates, the others wait.
const LOCK = 20_261_128;

/** Connect to the database for migrations: alone, and without the time-outs of the server. */
export async function connect(connectionString) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Apply the files of migrations/ that are still missing, in the order of their names; returns these names. */
export async function migrate(client) {
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    const missing = await missingMigrations(client);
    for (const name of missing) await apply(client, name);
    return missing;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

async function missingMigrations(client) {
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  const { rows } = await client.query('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map((row) => row.name));
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql'));
  return files.filter((name) => !applied.has(name)).sort();
}

async function apply(client, name) {
  const sql = await readFile(new URL(name, FOLDER), 'utf8');
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error });
  }
}
