import { unauthorized } from '../http/refusals.js';
import { findUser } from '../users/store.js';

/**
 * Two middlewares that put the account of the one who asks into `req.user`: `required` refuses
 * whoever brings no token, `optional` lets them pass; both refuse a token that is not good.
 */
export function identify(db, tokens) {
  async function identified(header) {
    const token = /^token +(\S+) *$/i.exec(header)?.[1];
    const claims = token && tokens.read(token);
    const user = claims && (await findUser(db, claims.id));
    if (!user || user.token_version !== claims.version) throw unauthorized('is not valid or has expired: please sign in again');
    return user;
  }

  return {
    async required(req, res, next) {
      if (!req.headers.authorization) throw unauthorized('is needed: please sign in');
      req.user = await identified(req.headers.authorization);
      next();
    },
    async optional(req, res, next) {
      if (req.headers.authorization) req.user = await identified(req.headers.authorization);
      next();
    },
  };
}
