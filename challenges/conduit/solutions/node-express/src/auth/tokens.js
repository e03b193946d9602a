import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const ALGORITHM = 'HS256';
const LIFETIME = '7d';
const USER_ID = /^[1-9][0-9]{0,14}$/;

/** Make and read the tokens of people who are signed in. A token means an account by its id. */
export class Tokens {
  #key;

  constructor(secret) {
    this.#key = createSecretKey(Buffer.from(secret));
  }

  issue(userId, version) {
    return jwt.sign({ ver: version }, this.#key, { algorithm: ALGORITHM, expiresIn: LIFETIME, subject: String(userId) });
  }

  /** Account id and version of a token, or undefined when it is not one of ours or too old. */
  read(token) {
    try {
      const { sub, ver, exp } = jwt.verify(token, this.#key, { algorithms: [ALGORITHM], maxAge: LIFETIME });
      return exp && typeof sub === 'string' && USER_ID.test(sub) ? { id: Number(sub), version: ver } : undefined;
    } catch {
      return undefined;
    }
  }
}
