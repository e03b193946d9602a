import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateArticles, insertArticles } from './database.js';
import { publish, signUp, startServer, unique } from './support.js';

const { call, client } = await startServer();
const slugs = ({ body }) => body.articles.map((article) => article.slug);
const list = (query, token) => call('GET', `/articles?${new URLSearchParams(query)}`, { token });

test('filters narrow the list, newest first, and the count is of all that match', async () => {
  const [ann, bob] = [await signUp(call), await signUp(call)];
  const tag = unique('tag');
  const one = await publish(call, ann, { tagList: [tag] });
  const two = await publish(call, ann, { tagList: ['other', tag] });
  const three = await publish(call, bob, { tagList: [tag] });
  await call('POST', `/articles/${one.slug}/favorite`, { token: bob.token });

  assert.deepEqual(slugs(await list({ tag })), [three.slug, two.slug, one.slug]);
  assert.deepEqual(slugs(await list({ tag, author: ann.username })), [two.slug, one.slug]);
  assert.deepEqual(slugs(await list({ tag, favorited: bob.username })), [one.slug]);
  const { body } = await list({ tag, limit: 1, offset: 1 });
  assert.equal(body.articles[0].slug, two.slug);
  assert.equal(body.articlesCount, 3);
  assert.ok(!('body' in body.articles[0]));
  assert.deepEqual((await list({ author: unique() })).body, { articles: [], articlesCount: 0 });
  assert.deepEqual((await list({ tag, offset: 9 })).body, { articles: [], articlesCount: 3 });
});

test('pages show articles of one instant exactly once', async () => {
  const ann = await signUp(call);
  for (let i = 0; i < 7; i += 1) await publish(call, ann);
  await dateArticles(client, ann.username, '2026-01-01');
  const whole = slugs(await list({ author: ann.username }));
  const pages = [];
  for (const offset of [0, 2, 4, 6])
    pages.push(...slugs(await list({ author: ann.username, limit: 2, offset })));
  assert.deepEqual(pages, whole);
  assert.equal(new Set(whole).size, 7);
});

test('the feed shows the people I follow and nobody else', async () => {
  const [ann, bob, me] = [await signUp(call), await signUp(call), await signUp(call)];
  const article = await publish(call, ann);
  await publish(call, bob);
  await publish(call, me);
  await call('POST', `/profiles/${ann.username}/follow`, { token: me.token });
  const { body } = await call('GET', '/articles/feed', { token: me.token });
  assert.deepEqual(slugs({ body }), [article.slug]);
  assert.equal(body.articlesCount, 1);
  assert.equal(body.articles[0].author.following, true);
  assert.deepEqual((await call('GET', '/articles/feed', { token: ann.token })).body.articles, []);
  assert.equal((await call('GET', '/articles/feed')).status, 401);
});

for (const query of [
  'limit=-1',
  'limit=0',
  'limit=x',
  'offset=-1',
  'offset=1.5',
  `offset=${'9'.repeat(20)}`,
  'limit=1&limit=2',
  'tag=%ff',
]) {
  test(`?${query} is refused`, async () => {
    assert.equal((await call('GET', `/articles?${query}`)).status, 422);
  });
}

test('a page holds 100 articles at most', async () => {
  const ann = await signUp(call);
  await insertArticles(client, ann.username, 101);
  const { body } = await list({ author: ann.username, limit: '9'.repeat(30) });
  assert.equal(body.articles.length, 100);
  assert.equal(body.articlesCount, 101);
  assert.equal((await list({ author: ann.username })).body.articles.length, 20);
});
