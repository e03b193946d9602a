import { findAccount } from '../accounts/store.js';
import { forbidden, unauthorized } from '../http/refusals.js';

/** A middleware that puts the account of the token into `req.account`, and refuses without one. */
export function identify(db, tokens) {
  return async function signedIn(req, res, next) {
    const token = /^bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
    const id = token && tokens.read(token);
    const account = id && (await findAccount(db, id));
    if (!account) throw unauthorized('token', 'is missing or not valid');
    req.account = account;
    next();
  };
}

/** Middleware, after `signedIn`: operators only. */
export function operatorsOnly(req, res, next) {
  if (req.account.role !== 'operator') throw forbidden('role', 'must be operator');
  next();
}
