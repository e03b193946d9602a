import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import { hashPassword, isPassword } from '../auth/passwords.js';
import { UniqueViolation } from '../db/errors.js';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { conflict, forbidden, unauthorized } from '../http/refusals.js';
import { Problem, anyText, check, checkSent, lengthOf, section, text } from '../http/rules.js';
import { createAccount, findAccountByEmail, updateAccount } from './store.js';

const name = text({ max: 64 });

/** Rule: an e-mail address, without the spaces around it. */
function email(value) {
  const address = text({ max: 254 })(anyText(value).trim());
  if (!/^[^@]*\S[^@]*@.*\S.*$/su.test(address)) throw new Problem('needs an @ with something on both sides');
  return address;
}

function password(value) {
  text({ max: 64 })(value);
  if (lengthOf(value) < 8) throw new Problem('is too short (at least 8 characters)');
  return value;
}

export function accountRoutes({ db, tokens, signedIn, operatorCode }) {
  const router = Router();
  router.route('/accounts').post(parseJson, register).all(methodNotAllowed);
  router.route('/login').post(parseJson, login).all(methodNotAllowed);
  router.route('/account').get(signedIn, current).put(signedIn, parseJson, change).all(methodNotAllowed);

  const answer = ({ id, name, email, role }) => ({ account: { name, email, role, token: tokens.issue(id) } });

  async function register(req, res) {
    const fields = section(req.body, 'account');
    const account = check(fields, { name, email, password });
    const role = roleFor(checkSent(fields, { operatorCode: anyText }).operatorCode);
    const passwordHash = await hashPassword(account.password);
    res.status(201).json(answer(await create({ ...account, passwordHash, role })));
  }

  async function create(account) {
    try {
      return await createAccount(db, account);
    } catch (error) {
      if (error instanceof UniqueViolation) throw conflict('email', 'has already been taken');
      throw error;
    }
  }

  async function login(req, res) {
    const fields = check(section(req.body, 'account'), { email: anyText, password: anyText });
    const account = await findAccountByEmail(db, fields.email);
    const matches = await isPassword(account?.password_hash, fields.password);
    if (!matches) throw unauthorized('email or password', 'is not right');
    res.json(answer(account));
  }

  function current(req, res) {
    res.json(answer(req.account));
  }

  async function change(req, res) {
    const changes = checkSent(section(req.body, 'account'), { name, password });
    const passwordHash = changes.password === undefined ? undefined : await hashPassword(changes.password);
    const account = await updateAccount(db, req.account.id, { name: changes.name, passwordHash });
    if (!account) throw unauthorized('token', 'belongs to an account that is gone');
    res.json(answer(account));
  }

  function roleFor(code) {
    if (code === undefined) return 'traveller';
    if (!isEqual(code, operatorCode)) throw forbidden('operatorCode', 'is not right');
    return 'operator';
  }

  return router;
}

function isEqual(one, other) {
  const digest = (value) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}
