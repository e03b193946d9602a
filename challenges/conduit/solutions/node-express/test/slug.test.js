import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugBase, slugFor } from '../src/articles/slug.js';

for (const [title, base] of [
  ['Hello, World!', 'hello-world'],
  ['  Crème brûlée — twice ', 'creme-brulee-twice'],
  ['中文', ''],
  ['...', ''],
  ['a'.repeat(255), 'a'.repeat(80)],
]) {
  test(`"${title.slice(0, 20)}" becomes "${base.slice(0, 20)}"`, () => assert.equal(slugBase(title), base));
}

test('a slug that is taken, empty or reserved gets a random end', () => {
  assert.equal(slugFor('Hello', false), 'hello');
  assert.match(slugFor('Hello', true), /^hello-[0-9a-f]{10}$/);
  assert.match(slugFor('Feed', false), /^feed-[0-9a-f]{10}$/);
  assert.match(slugFor('中文', false), /^[0-9a-f]{10}$/);
});
