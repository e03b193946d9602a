import { Router } from 'express';
import { hashPassword, isPassword } from '../auth/passwords.js';
import { UniqueViolation } from '../db/errors.js';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { unauthorized, unprocessable } from '../http/refusals.js';
import { credentials, newUser, userChanges } from './rules.js';
import { createUser, findUserByEmail, updateUser } from './store.js';

const FIELD_OF_CONSTRAINT = { users_username_key: 'username', users_email_key: 'email' };

export function userRoutes({ db, tokens, identity }) {
  const router = Router();

  const account = ({ id, username, email, bio, image, token_version: version }) => ({
    user: { username, email, token: tokens.issue(id, version), bio, image },
  });

  router.route('/users').post(parseJson, register).all(methodNotAllowed);
  router.route('/users/login').post(parseJson, login).all(methodNotAllowed);
  router
    .route('/user')
    .get(identity.required, current)
    .put(identity.required, parseJson, change)
    .all(methodNotAllowed);

  async function register(req, res) {
    const { username, email, password } = newUser(req.body);
    const passwordHash = await hashPassword(password);
    const user = await refuseTaken(createUser(db, { username, email, passwordHash }));
    res.status(201).json(account(user));
  }

  async function login(req, res) {
    const { email, password } = credentials(req.body);
    const user = await findUserByEmail(db, email);
    const matches = await isPassword(user?.password_hash, password);
    if (!matches) throw unauthorized('e-mail address or password is wrong');
    res.json(account(user));
  }

  function current(req, res) {
    res.json(account(req.user));
  }

  async function change(req, res) {
    const { password, ...changes } = userChanges(req.body);
    if (password !== undefined) changes.passwordHash = await hashPassword(password);
    const user = await refuseTaken(updateUser(db, req.user.id, changes));
    if (!user) throw unauthorized('belongs to an account that is gone');
    res.json(account(user));
  }

  return router;
}

async function refuseTaken(work) {
  try {
    return await work;
  } catch (error) {
    const field = error instanceof UniqueViolation && FIELD_OF_CONSTRAINT[error.constraint];
    if (!field) throw error;
    throw unprocessable({ [field]: ['has already been taken'] });
  }
}
