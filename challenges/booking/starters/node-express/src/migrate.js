/* Applies the files of migrations/ that the database does not have yet, in the order of their names. */
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

const folder = new URL('../migrations/', import.meta.url);
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });

await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY)');
const { rows } = await client.query('SELECT name FROM schema_migrations');
const applied = new Set(rows.map((row) => row.name));

for (const name of (await readdir(folder)).sort()) {
  if (applied.has(name)) continue;
  await client.query('BEGIN');
  await client.query(await readFile(new URL(name, folder), 'utf8'));
  await client.query('INSERT INTO schema_migrations (name) VALUES ($1)', [name]);
  await client.query('COMMIT');
  console.log(`applied ${name}`);
}
await client.end();
