// Accounts: stage 2 of the brief.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { newEmail, request } from "./client.js";

const password = "correct horse battery";

function register(fields = {}) {
  const account = { name: "Ada", email: newEmail(), password, ...fields };
  return request("POST", "/accounts", { body: { account } });
}

function login(email, secret = password) {
  return request("POST", "/login", { body: { account: { email, password: secret } } });
}

async function signUp(fields) {
  const answer = await register(fields);
  assert.equal(answer.status, 201);
  return answer.body.account;
}

describe("registering", () => {
  test("signs in", async () => {
    const email = newEmail();
    const account = await signUp({ email });
    assert.equal(account.email, email);
    const answer = await request("GET", "/account", { token: account.token });
    assert.equal(answer.status, 200);
    assert.equal(answer.body.account.email, email);
  });

  test("needs a name, an address and a password", async () => {
    for (const field of ["name", "email", "password"]) {
      assert.equal((await register({ [field]: "" })).status, 422, field);
      assert.equal((await register({ [field]: undefined })).status, 422, field);
    }
    assert.equal((await register({ password: "1234567" })).status, 422);
  });

  test("takes an address once, in capitals or not", async () => {
    const { email } = await signUp();
    const answer = await register({ email: email.toUpperCase() });
    assert.equal(answer.status, 409);
    assert.ok(answer.body.errors.email);
  });
});

describe("signing in", () => {
  test("takes the right password only", async () => {
    const { email } = await signUp();
    assert.equal((await login(email)).status, 200);
    assert.equal((await login(` ${email.toUpperCase()} `)).status, 200);
    assert.equal((await login(email, `${password}!`)).status, 401);
    assert.deepEqual(await refusal(newEmail()), await refusal(email));
  });

  test("takes the new password after a change", async () => {
    const { email, token } = await signUp();
    const body = { account: { password: "another horse" } };
    assert.equal((await request("PUT", "/account", { token, body })).status, 200);
    assert.equal((await login(email)).status, 401);
    assert.equal((await login(email, "another horse")).status, 200);
  });
});

async function refusal(email) {
  const { status, body } = await login(email, "wrong horse");
  return { status, body };
}
