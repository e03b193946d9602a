import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { publish, signUp, startServer } from './support.js';

const { call, port } = await startServer();
const { token } = await signUp(call);

/** Send bytes as they are and read the answer until its connection ends. */
async function send(text) {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(text);
  const chunks = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  const [head, body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

function assertRefused({ status, body }, expected) {
  assert.equal(status, expected);
  assert.deepEqual(Object.keys(body), ['errors']);
  for (const words of Object.values(body.errors)) assert.equal(typeof words[0], 'string');
}

for (const body of [
  '',
  '{',
  'null',
  '[]',
  '{"user":[]}',
  new Uint8Array([0xff]),
  '{"user":{"username":"\\u0000"}}',
  '['.repeat(20_000) + ']'.repeat(20_000),
]) {
  test(`the body ${String(body).slice(0, 30)} is refused`, async () => {
    assertRefused(await call('POST', '/users', { body }), 422);
  });
}

for (const words of ['\\u0000', '\\ud800', 'x\\udc00']) {
  test(`${words} cannot be stored`, async () => {
    assertRefused(await call('PUT', '/user', { token, body: `{"user":{"bio":"${words}"}}` }), 422);
  });
}

test('nesting is bounded, also where nobody looks', async () => {
  const deep = '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000);
  assertRefused(await call('PUT', '/user', { token, body: `{"user":{},"more":${deep}}` }), 422);
});

test('a body of more than 1 MiB is refused, announced or not', async () => {
  const body = JSON.stringify({ user: { bio: 'a'.repeat(1024 * 1024) } });
  assertRefused(await call('PUT', '/user', { token, body }), 413);
  const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
  const head =
    'POST /api/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
  assertRefused(await send(`${head}${chunk.repeat(32)}0\r\n\r\n`), 413);
});

test('an article of 100,000 characters is no attack', async () => {
  const body = 'é🎉'.repeat(50_000);
  assert.equal((await publish(call, { token }, { body })).body, body);
});

test('only JSON in UTF-8 is read', async () => {
  for (const headers of [
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/json; charset=utf-16' },
    { 'Content-Encoding': 'gzip' },
  ]) {
    assertRefused(await call('PUT', '/user', { token, headers, body: '{"user":{}}' }), 415);
  }
});

test('unknown paths and methods have their answers', async () => {
  assertRefused(await call('GET', '/nowhere'), 404);
  assertRefused(await call('GET', '/articles/%ff'), 404);
  assertRefused(await call('GET', '/profiles/%00'), 404);
  assertRefused(await call('PATCH', '/tags'), 405);
  assertRefused(await send('FOO /api/tags HTTP/1.1\r\nHost: x\r\n\r\n'), 405);
  assertRefused(await send('CONNECT /api/tags HTTP/1.1\r\nHost: x\r\n\r\n'), 405);
  assertRefused(await send('hello?\r\n\r\n'), 405);
  assertRefused(await send(`GET /api/tags HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`), 431);
});

test('garbage for a token is refused', async () => {
  for (const value of ['Token', 'Token ', 'Bearer x', '\xff\xfe', `Token ${'a'.repeat(50_000)}`]) {
    assertRefused(await call('GET', '/user', { headers: { Authorization: value } }), 401);
  }
});

test('conditions in a request change nothing', async () => {
  assert.equal((await call('GET', '/tags', { headers: { 'If-None-Match': '*' } })).status, 200);
});
