import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockArticle, someoneWaitsForALock } from './database.js';
import { databaseUrl, jwtSecret, publish, signUp, startServer } from './support.js';

const { call, client } = await startServer();
const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** The server as its own process: `{child, port}`, ended after the test whatever happens. */
async function spawnServer(t) {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    PORT: '0',
    HOST: '127.0.0.1',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, port: Number(/port (\d+)/.exec(line)[1]) };
}

test('on SIGTERM what has begun is finished', async (t) => {
  const ann = await signUp(call);
  const { slug } = await publish(call, ann);
  const { child, port } = await spawnServer(t);

  const unlock = await lockArticle(client, slug);
  const answer = fetch(`http://127.0.0.1:${port}/api/articles/${slug}/favorite`, {
    method: 'POST',
    headers: { Authorization: `Token ${ann.token}` },
  });
  await someoneWaitsForALock(client);
  child.kill('SIGTERM');
  await unlock();

  assert.equal((await answer).status, 200);
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('without its settings the server says what is missing', async () => {
  const child = spawn(process.execPath, [MAIN], { env: { DATABASE_URL: databaseUrl } });
  const chunks = [];
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  assert.equal(code, 1);
  assert.match(Buffer.concat(chunks).toString(), /JWT_SECRET is not set/);
});
