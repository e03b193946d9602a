import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after } from 'node:test';
import { createApp } from '../src/app.js';
import { required } from '../src/config.js';
import { Database } from '../src/db/database.js';
import { connect, migrate } from '../src/db/migrations.js';
import { createServer } from '../src/server.js';

export const databaseUrl = required(process.env, 'DATABASE_URL', 'a database for tests, which may be empty');
export const jwtSecret = 'only for tests';
export const PASSWORD = 'correct horse';

/** A server on a free port and the migrated database, for the tests of one file. */
export async function startServer() {
  const client = await connect(databaseUrl);
  await migrate(client);
  const db = new Database(databaseUrl);
  const server = createServer(createApp({ db, jwtSecret })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(async () => {
    server.closeAllConnections();
    server.close();
    await db.end();
    await client.end();
  });
  return { client, db, port: server.address().port, call: caller(server.address().port) };
}

/** A word that no other test uses. */
export const unique = (prefix = 'x') => `${prefix}${randomBytes(6).toString('hex')}`;

function caller(port) {
  /** Send a request; `{status, body}` of the answer. A text or bytes as `body` are sent as they are. */
  return async function call(method, path, { token, body, headers = {} } = {}) {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Token ${token}` }),
        ...headers,
      },
      body: raw || body === undefined ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
}

/** A new account: `{username, email, token}`. */
export async function signUp(
  call,
  { username = unique('user'), email = `${unique('mail')}@example.com` } = {},
) {
  const { body } = await call('POST', '/users', { body: { user: { username, email, password: PASSWORD } } });
  return body.user;
}

/** A new article of that account. */
export async function publish(call, author, fields = {}) {
  const article = { title: unique('Title '), description: 'about', body: 'words', ...fields };
  const { body } = await call('POST', '/articles', { token: author.token, body: { article } });
  return body.article;
}
