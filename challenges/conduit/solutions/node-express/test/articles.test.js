import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publish, signUp, startServer, unique } from './support.js';

const { call } = await startServer();
const author = await signUp(call);
const stranger = await signUp(call);

const read = (slug, token) => call('GET', `/articles/${slug}`, { token });
const edit = (slug, article, { token } = author) =>
  call('PUT', `/articles/${slug}`, { token, body: { article } });

test('a published article is read by anyone', async () => {
  const article = await publish(call, author, { tagList: ['z', 'a', 'z', '標籤'] });
  const { status, body } = await read(article.slug);
  assert.equal(status, 200);
  assert.deepEqual(body.article, article);
  assert.deepEqual(article.tagList, ['z', 'a', '標籤']);
  assert.deepEqual(article.author, { username: author.username, bio: null, image: null, following: false });
  assert.match(article.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

for (const title of ['Feed', '中文標題', 'مقال', '?!…', 'a'.repeat(255), 'İstanbul Ünïted']) {
  test(`"${title.slice(0, 20)}" gets an address of its own, twice`, async () => {
    const [one, two] = [await publish(call, author, { title }), await publish(call, author, { title })];
    assert.notEqual(one.slug, two.slug);
    for (const { slug } of [one, two]) {
      assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.equal((await read(slug)).body.article.title, title);
    }
  });
}

test('title, description and body are needed and not blank', async () => {
  const { status, body } = await call('POST', '/articles', {
    token: author.token,
    body: { article: { title: '', description: '  ', tagList: 'x' } },
  });
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(body.errors).sort(), ['body', 'description', 'title']);
});

test('only what is sent is edited, and updatedAt moves', async () => {
  const article = await publish(call, author, { tagList: ['a', 'b'] });
  const { body } = await edit(article.slug, { body: 'other words' });
  const { updatedAt, ...rest } = body.article;
  assert.deepEqual({ ...rest, updatedAt: article.updatedAt }, { ...article, body: 'other words' });
  assert.ok(updatedAt > article.updatedAt);
  assert.deepEqual((await edit(article.slug, { tagList: [] })).body.article.tagList, []);
  for (const wrong of [
    { title: ' ' },
    { body: '' },
    { description: null },
    { tagList: null },
    { tagList: [''] },
  ]) {
    assert.equal((await edit(article.slug, wrong)).status, 422);
  }
});

test('the address follows the title', async () => {
  const article = await publish(call, author);
  const title = unique('Other ');
  const { slug } = (await edit(article.slug, { title })).body.article;
  assert.notEqual(slug, article.slug);
  assert.equal((await read(slug)).body.article.title, title);
  assert.equal((await read(article.slug)).status, 404);
  assert.equal((await edit(slug, { title: `${title}!` })).body.article.slug, slug);
});

test('an edited title that somebody has gets another address', async () => {
  const [taken, mine] = [await publish(call, stranger), await publish(call, author)];
  const { status, body } = await edit(mine.slug, { title: taken.title });
  assert.equal(status, 200);
  assert.notEqual(body.article.slug, taken.slug);
});

test('only the author edits or deletes', async () => {
  const { slug } = await publish(call, author);
  assert.equal((await edit(slug, { title: 'mine' }, stranger)).status, 403);
  assert.equal((await edit(slug, { title: 'mine' }, {})).status, 401);
  assert.equal((await call('DELETE', `/articles/${slug}`, { token: stranger.token })).status, 403);
  assert.equal((await call('DELETE', `/articles/${slug}`)).status, 401);
  assert.equal((await call('DELETE', '/articles/none', { token: author.token })).status, 404);
});

test('a deleted article is gone with all that hangs on it', async () => {
  const tag = unique('tag');
  const { slug } = await publish(call, author, { tagList: [tag] });
  await call('POST', `/articles/${slug}/favorite`, { token: stranger.token });
  await call('POST', `/articles/${slug}/comments`, {
    token: stranger.token,
    body: { comment: { body: 'hm' } },
  });
  assert.ok((await call('GET', '/tags')).body.tags.includes(tag));
  assert.equal((await call('DELETE', `/articles/${slug}`, { token: author.token })).status, 204);
  assert.equal((await read(slug)).status, 404);
  assert.equal((await call('GET', `/articles/${slug}/comments`)).status, 404);
  assert.ok(!(await call('GET', '/tags')).body.tags.includes(tag));
});
