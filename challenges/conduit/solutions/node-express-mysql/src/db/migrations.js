import { readdir, readFile } from 'node:fs/promises';
import mysql from 'mysql2/promise';

const FOLDER = new URL('../../migrations/', import.meta.url);

// Names of locks are the server's, not the database's: whoever holds it migrates, the others wait.
const LOCK = "concat('migrations of ', database())";
const PATIENCE_SECONDS = 60;

/** Connect to the database for migrations: alone, and without the time-outs of the server. */
export async function connect(uri) {
  const options = { charset: 'utf8mb4_bin', timezone: 'Z', multipleStatements: true };
  const client = await mysql.createConnection({ uri, connectTimeout: 5_000, ...options });
  client.on('error', () => {});
  return client;
}

/** Apply the files of migrations/ that are still missing, in the order of their names; returns these names. */
export async function migrate(client) {
  const [[{ held }]] = await client.query(`SELECT get_lock(${LOCK}, ?) AS held`, [PATIENCE_SECONDS]);
  if (!held) throw new Error(`Somebody else has been migrating for ${PATIENCE_SECONDS} seconds.`);
  try {
    const missing = await missingMigrations(client);
    for (const name of missing) await apply(client, name);
    return missing;
  } finally {
    await client.query(`SELECT release_lock(${LOCK})`);
  }
}

async function missingMigrations(client) {
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migrations (
      name varchar(255) PRIMARY KEY,
      applied_at datetime(6) NOT NULL DEFAULT current_timestamp(6)
    )`);
  const [rows] = await client.query('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map((row) => row.name));
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql'));
  return files.filter((name) => !applied.has(name)).sort();
}

// MySQL commits at every CREATE TABLE. So a file that was interrupted is applied again from its
// first line, and says IF NOT EXISTS.
async function apply(client, name) {
  try {
    await client.query(await readFile(new URL(name, FOLDER), 'utf8'));
    await client.query('INSERT INTO schema_migrations (name) VALUES (?)', [name]);
  } catch (error) {
    throw new Error(`Migration ${name} failed: ${error.message}`, { cause: error });
  }
}
