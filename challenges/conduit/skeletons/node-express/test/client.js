// What every test can use.

import { randomUUID } from "node:crypto";

const api = `${process.env.BASE_URL.replace(/\/$/, "")}/api`;

/** Send a request to the server; return its status and its body, read as JSON. */
export async function request(method, path, { body, token, headers } = {}) {
  const answer = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(token === undefined ? {} : { Authorization: `Token ${token}` }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

/** Return an e-mail address that nobody has yet. */
export function newEmail() {
  return `${randomUUID()}@example.com`;
}
