import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish, signUp, startServer } from './support.js';

const { call } = await startServer();
const [ann, bob] = [await signUp(call), await signUp(call)];

const add = (slug, body, { token } = bob) =>
  call('POST', `/articles/${slug}/comments`, { token, body: { comment: { body } } });
const remove = (slug, id, { token }) => call('DELETE', `/articles/${slug}/comments/${id}`, { token });

test('comments are those of the article, oldest first', async () => {
  const [article, other] = [await publish(call, ann), await publish(call, ann)];
  const { status, body } = await add(article.slug, 'first 🎉');
  assert.equal(status, 201);
  assert.ok(Number.isInteger(body.comment.id));
  assert.equal(body.comment.author.username, bob.username);
  await add(article.slug, 'second');
  await add(other.slug, 'elsewhere');
  const answer = await call('GET', `/articles/${article.slug}/comments`);
  assert.deepEqual(
    answer.body.comments.map((comment) => comment.body),
    ['first 🎉', 'second'],
  );
  assert.deepEqual(answer.body.comments[0], body.comment);
});

test('a blank comment is refused', async () => {
  const { slug } = await publish(call, ann);
  for (const body of ['', ' \n', null, 7]) assert.equal((await add(slug, body)).status, 422);
  assert.deepEqual((await call('GET', `/articles/${slug}/comments`)).body, { comments: [] });
});

test('only its writer deletes a comment, and only under its article', async () => {
  const [article, other] = [await publish(call, ann), await publish(call, ann)];
  const { id } = (await add(article.slug, 'words')).body.comment;
  assert.equal((await remove(article.slug, id, ann)).status, 403);
  assert.equal((await remove(article.slug, id, {})).status, 401);
  assert.equal((await remove(other.slug, id, bob)).status, 404);
  for (const odd of ['x', '0', '-1', '9'.repeat(30), '%00']) {
    assert.equal((await remove(article.slug, odd, bob)).status, 404);
  }
  assert.equal((await remove(article.slug, id, bob)).status, 204);
  assert.equal((await remove(article.slug, id, bob)).status, 404);
});

test('what is not there cannot be commented on', async () => {
  assert.equal((await add('none', 'words')).status, 404);
  assert.equal((await call('GET', '/articles/none/comments')).status, 404);
});
