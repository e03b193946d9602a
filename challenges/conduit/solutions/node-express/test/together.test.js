import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endConnections, insertUser, touchUser } from './database.js';
import { PASSWORD, publish, signUp, startServer, unique } from './support.js';

const { call, client, db } = await startServer();
const many = (count, work) => Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const count = (answers, status) => answers.filter((answer) => answer.status === status).length;

test('a name is given to one of many', async () => {
  const username = unique();
  const answers = await many(10, () =>
    call('POST', '/users', {
      body: { user: { username, email: `${unique()}@example.com`, password: PASSWORD } },
    }),
  );
  assert.equal(count(answers, 201), 1);
  assert.equal(count(answers, 422), 9);
});

test('one title, many addresses', async () => {
  const ann = await signUp(call);
  const title = unique('Title ');
  const articles = await many(20, () => publish(call, ann, { title }));
  assert.equal(new Set(articles.map((article) => article.slug)).size, 20);
});

test('favourites at the same moment are counted right', async () => {
  const people = await many(8, () => signUp(call));
  const { slug } = await publish(call, people[0]);
  const answers = await many(40, (n) =>
    call('POST', `/articles/${slug}/favorite`, { token: people[n % 8].token }),
  );
  assert.equal(count(answers, 200), 40);
  assert.ok(answers.every(({ body }) => body.article.favorited && body.article.favoritesCount > 0));
  assert.equal((await call('GET', `/articles/${slug}`)).body.article.favoritesCount, 8);
});

test('of many deletions one succeeds', async () => {
  const ann = await signUp(call);
  const { slug } = await publish(call, ann);
  const answers = await many(10, () => call('DELETE', `/articles/${slug}`, { token: ann.token }));
  assert.equal(count(answers, 204), 1);
  assert.equal(count(answers, 404), 9);
});

test("a deadlock is nobody's problem", async () => {
  const [one, two] = (await many(2, () => signUp(call))).map(({ username }) => username);
  const crosswise = (first, second) => {
    let reached;
    const half = new Promise((resolve) => (reached = resolve));
    const whole = (other) =>
      db.transaction(async (tx) => {
        await touchUser(tx, first);
        reached();
        await other;
        await touchUser(tx, second);
      });
    return { half, whole };
  };
  const [a, b] = [crosswise(one, two), crosswise(two, one)];
  await Promise.all([a.whole(b.half), b.whole(a.half)]);
});

test('dead connections are replaced without anybody noticing', async () => {
  const { token } = await signUp(call);
  await many(10, () => call('GET', '/user', { token }));
  await endConnections(client);
  const answers = await many(20, () => call('GET', '/user', { token }));
  assert.equal(count(answers, 200), 20);
});

test('a failed transaction leaves nothing behind', async () => {
  const username = unique();
  const failing = db.transaction(async (tx) => {
    await insertUser(tx, username);
    throw new Error('on purpose');
  });
  await assert.rejects(failing, /on purpose/);
  assert.equal((await call('GET', `/profiles/${username}`)).status, 404);
});
