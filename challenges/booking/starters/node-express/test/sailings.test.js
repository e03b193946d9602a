import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { app } from '../src/app.js';
import { pool } from '../src/database.js';

let server;
let base;

before(async () => {
  server = app.listen(0);
  await once(server, 'listening');
  base = `http://127.0.0.1:${server.address().port}/api`;
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await pool.end();
});

test('an empty database has no sailings', async () => {
  const response = await fetch(`${base}/sailings`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { sailings: [], sailingsCount: 0 });
});
