// Tags: stage 1 of the brief.

import assert from "node:assert/strict";
import { test } from "node:test";

import { request } from "./client.js";

test("tags are a list without doubles", async () => {
  const answer = await request("GET", "/tags");

  assert.equal(answer.status, 200);
  assert.equal(new Set(answer.body.tags).size, answer.body.tags.length);
});
