import { availableParallelism } from 'node:os';
import argon2 from 'argon2';
import { limiter } from './limiter.js';

// OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
const OPTIONS = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Hashing runs in libuv's pool of four threads; one stays free for look-ups of host names.
const inTurn = limiter(Math.min(3, availableParallelism()));

// What an unknown address is compared with, so that its refusal takes as long as any other.
const nobody = argon2.hash('nobody has this password', OPTIONS);

/** A salted hash of the password, in the PHC format. */
export function hashPassword(password) {
  return inTurn(() => argon2.hash(password, OPTIONS));
}

/** Whether `password` is the one of `hash`; without a hash, false after the same work. */
export async function isPassword(hash, password) {
  const matches = await inTurn(async () => argon2.verify(hash ?? (await nobody), password));
  return matches && hash !== undefined;
}
