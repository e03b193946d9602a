import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish, signUp, startServer, unique } from './support.js';

const { call } = await startServer();
const [ann, bob] = [await signUp(call), await signUp(call)];

const profile = async (username, token) =>
  (await call('GET', `/profiles/${encodeURIComponent(username)}`, { token })).body;

test('following is seen from the one who asks, everywhere', async () => {
  const { slug } = await publish(call, ann);
  await call('POST', `/articles/${slug}/comments`, {
    token: ann.token,
    body: { comment: { body: 'first' } },
  });
  const path = `/profiles/${ann.username}/follow`;
  for (const method of ['POST', 'POST']) {
    const { status, body } = await call(method, path, { token: bob.token });
    assert.equal(status, 200);
    assert.equal(body.profile.following, true);
  }
  assert.equal((await profile(ann.username, bob.token)).profile.following, true);
  assert.equal((await profile(bob.username, ann.token)).profile.following, false);
  assert.equal((await profile(ann.username)).profile.following, false);
  const article = await call('GET', `/articles/${slug}`, { token: bob.token });
  assert.equal(article.body.article.author.following, true);
  const comments = await call('GET', `/articles/${slug}/comments`, { token: bob.token });
  assert.equal(comments.body.comments[0].author.following, true);
  for (const method of ['DELETE', 'DELETE']) {
    assert.equal((await call(method, path, { token: bob.token })).body.profile.following, false);
  }
});

test('names of every kind have a profile', async () => {
  const user = await signUp(call, { username: unique('a/ü?#% 🎉') });
  assert.deepEqual((await profile(user.username)).profile, {
    username: user.username,
    bio: null,
    image: null,
    following: false,
  });
});

test('nobody follows themselves, strangers or nobody', async () => {
  assert.equal((await call('POST', `/profiles/${ann.username}/follow`, { token: ann.token })).status, 422);
  assert.equal((await call('POST', `/profiles/${unique()}/follow`, { token: ann.token })).status, 404);
  assert.equal((await call('POST', `/profiles/${ann.username}/follow`)).status, 401);
  assert.equal((await call('GET', `/profiles/${unique()}`)).status, 404);
});

test('favourites count people', async () => {
  const { slug } = await publish(call, ann);
  const mark = (method, { token }) => call(method, `/articles/${slug}/favorite`, { token });
  await mark('POST', ann);
  await mark('POST', bob);
  const { body } = await mark('POST', bob);
  assert.equal(body.article.favoritesCount, 2);
  assert.equal(body.article.favorited, true);
  assert.equal((await mark('DELETE', ann)).body.article.favoritesCount, 1);
  assert.equal((await mark('DELETE', ann)).body.article.favorited, false);
  assert.equal((await call('GET', `/articles/${slug}`)).body.article.favorited, false);
  assert.equal((await call('POST', '/articles/none/favorite', { token: ann.token })).status, 404);
});
