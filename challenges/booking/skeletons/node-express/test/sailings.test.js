// Sailings: stage 3 of the brief.

import assert from "node:assert/strict";
import { test } from "node:test";

import { request } from "./client.js";

test("the list of sailings counts all that match", async () => {
  const answer = await request("GET", "/sailings?from=nowhere");

  assert.equal(answer.status, 200);
  assert.deepEqual(answer.body, { sailings: [], sailingsCount: 0 });
});
