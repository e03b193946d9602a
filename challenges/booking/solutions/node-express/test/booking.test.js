import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createApp } from '../src/app.js';
import { required } from '../src/config.js';
import { Database } from '../src/db/database.js';
import { createServer } from '../src/server.js';

const databaseUrl = required(process.env, 'DATABASE_URL', 'a migrated database for tests');
const config = { jwtSecret: randomBytes(32).toString('hex'), operatorCode: 'for tests' };
const db = new Database(databaseUrl);
const server = createServer(createApp({ db, config }));
let base;

before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  base = `http://127.0.0.1:${server.address().port}/api`;
});

after(async () => {
  server.closeAllConnections();
  server.close();
  await db.end();
});

async function call(method, path, { token, body } = {}) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function signUp(fields = {}) {
  const email = `${randomBytes(8).toString('hex')}@example.com`;
  const account = { name: 'Inge', email, password: 'correct horse', ...fields };
  const { body } = await call('POST', '/accounts', { body: { account } });
  return body.account.token;
}

async function openSailing(seats) {
  const token = await signUp({ operatorCode: config.operatorCode });
  const sailing = { from: 'Dagebüll', to: 'Föhr', departsAt: '2999-01-01T08:00:00Z', seats, price: 1250 };
  const { body } = await call('POST', '/sailings', { token, body: { sailing } });
  return body.sailing.id;
}

const reserve = (token, sailing, seats) =>
  call('POST', `/sailings/${sailing}/reservations`, { token, body: { reservation: { seats } } });

test('a reservation is paid once and cancelled once', async () => {
  const [sailing, token] = [await openSailing(5), await signUp()];
  const path = `/reservations/${(await reserve(token, sailing, 2)).body.reservation.id}`;
  for (const _ of [1, 2]) {
    const paid = await call('POST', `${path}/payment`, { token, body: { payment: { amount: 2500 } } });
    assert.equal(paid.body.reservation.charged, 2500);
  }
  for (const _ of [1, 2]) {
    const cancelled = await call('POST', `${path}/cancellation`, { token });
    assert.equal(cancelled.body.reservation.refunded, 2500);
  }
  assert.equal((await call('GET', `/sailings/${sailing}`)).body.sailing.seatsLeft, 5);
});

test('a crowd gets only the seats that there are', async () => {
  const [sailing, token] = [await openSailing(10), await signUp()];
  const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(token, sailing, 1)));
  assert.equal(answers.filter(({ status }) => status === 201).length, 10);
  assert.equal(answers.filter(({ status }) => status === 409).length, 40);
});

test("someone else's reservation is refused", async () => {
  const [sailing, owner, stranger] = [await openSailing(1), await signUp(), await signUp()];
  const { id } = (await reserve(owner, sailing, 1)).body.reservation;
  const { status } = await call('POST', `/reservations/${id}/cancellation`, { token: stranger });
  assert.equal(status, 403);
});
