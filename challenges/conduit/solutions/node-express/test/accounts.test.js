import assert from 'node:assert/strict';
import { test } from 'node:test';
import jwt from 'jsonwebtoken';
import { passwordHashOf } from './database.js';
import { PASSWORD, jwtSecret, signUp, startServer, unique } from './support.js';

const { call, client } = await startServer();

const register = (user) =>
  call('POST', '/users', {
    body: { user: { username: unique(), email: `${unique()}@example.com`, password: PASSWORD, ...user } },
  });
const login = (email, password = PASSWORD) =>
  call('POST', '/users/login', { body: { user: { email, password } } });

test('registering answers the account with a token', async () => {
  const username = unique('李 🎉 ');
  const { status, body } = await register({ username });
  assert.equal(status, 201);
  assert.deepEqual(Object.keys(body.user).sort(), ['bio', 'email', 'image', 'token', 'username']);
  assert.equal(body.user.username, username);
  assert.equal(body.user.bio, null);
});

test('a taken name or address is refused, and the answer says which', async () => {
  const { username, email } = await signUp(call);
  const sameName = await register({ username });
  assert.equal(sameName.status, 422);
  assert.deepEqual(Object.keys(sameName.body.errors), ['username']);
  const sameAddress = await register({ email: ` ${email.toUpperCase()} ` });
  assert.equal(sameAddress.status, 422);
  assert.deepEqual(Object.keys(sameAddress.body.errors), ['email']);
});

test('every missing or blank field is named', async () => {
  const { status, body } = await call('POST', '/users', { body: { user: { username: ' ', email: null } } });
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(body.errors).sort(), ['email', 'password', 'username']);
});

for (const [field, value] of Object.entries({
  username: 'a'.repeat(65),
  email: 'no-at-sign',
  password: '🎉'.repeat(7),
})) {
  test(`a bad ${field} is refused`, async () => {
    const { status, body } = await register({ [field]: value });
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(body.errors), [field]);
  });
}

test('people sign in, whatever the capitals and spaces of their address', async () => {
  const { email, username } = await signUp(call);
  const { status, body } = await login(`  ${email.toUpperCase()} `);
  assert.equal(status, 200);
  assert.equal(body.user.username, username);
});

test('every character of a long password counts', async () => {
  const password = `${'ü 🎉'.repeat(15)}abcd`;
  const { body } = await register({ password });
  assert.equal((await login(body.user.email, password)).status, 200);
  assert.equal((await login(body.user.email, `${password.slice(0, -1)}x`)).status, 401);
});

test('a wrong password and an unknown address get the same answer', async () => {
  const { email } = await signUp(call);
  const wrong = await login(email, 'wrong password');
  assert.equal(wrong.status, 401);
  assert.deepEqual(await login('nobody@example.com'), wrong);
});

test('only what is sent is changed, and null clears', async () => {
  const user = await signUp(call);
  const change = (fields) => call('PUT', '/user', { token: user.token, body: { user: fields } });
  await change({ bio: 'words', image: 'https://example.com/i.png' });
  const { status, body } = await change({ image: null, id: 1, password_hash: 'x' });
  assert.equal(status, 200);
  const { token, ...shown } = body.user;
  assert.deepEqual(shown, { username: user.username, email: user.email, bio: 'words', image: null });
});

test('a new password and address replace the old ones', async () => {
  const user = await signUp(call);
  const email = `${unique()}@example.com`;
  await call('PUT', '/user', { token: user.token, body: { user: { email, password: 'battery staple' } } });
  assert.equal((await login(email, 'battery staple')).status, 200);
  assert.equal((await login(email)).status, 401);
  assert.equal((await login(user.email, 'battery staple')).status, 401);
});

test('a new password ends the tokens from before', async () => {
  const user = await signUp(call);
  const { body } = await call('PUT', '/user', { token: user.token, body: { user: { password: 'battery staple' } } });
  assert.equal((await call('GET', '/user', { token: user.token })).status, 401);
  assert.equal((await call('GET', '/user', { token: body.user.token })).status, 200);
});

test('a token means the account, also under a new name', async () => {
  const user = await signUp(call);
  const username = unique('new');
  await call('PUT', '/user', { token: user.token, body: { user: { username } } });
  const { body } = await call('GET', '/user', { token: user.token });
  assert.equal(body.user.username, username);
});

test('bad tokens are refused, also where none is needed', async () => {
  const { token } = await signUp(call);
  const { sub } = jwt.decode(token);
  const sign = (claims, options, key = jwtSecret) => jwt.sign(claims, key, options);
  const bad = [
    'x',
    `${token}x`,
    sign({ sub }, { expiresIn: -1 }),
    sign({ sub }, {}),
    sign({ sub }, { algorithm: 'HS512', expiresIn: 60 }),
    sign({ sub }, { algorithm: 'none', expiresIn: 60 }, ''),
    sign({ sub }, { expiresIn: 60 }, 'another key'),
    sign({ sub: '999999999' }, { expiresIn: 60 }),
    sign({ sub: 'x' }, { expiresIn: 60 }),
  ];
  for (const each of bad) {
    assert.equal((await call('GET', '/user', { token: each })).status, 401, each);
    assert.equal((await call('GET', '/articles', { token: each })).status, 401, each);
  }
  assert.equal((await call('GET', '/user')).status, 401);
});

test('passwords are stored as Argon2id hashes', async () => {
  const { username } = await signUp(call);
  assert.match(await passwordHashOf(client, username), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});
