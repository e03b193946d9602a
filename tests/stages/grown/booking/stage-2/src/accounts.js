import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Router } from 'express';
import { pool } from './database.js';
import { Refusal, anyText, section, text } from './rules.js';

export const accounts = Router();

const derive = promisify(scrypt);
const NOBODY = await hashOf('nobody');

accounts.post('/accounts', async (req, res) => {
  const fields = section(req.body, 'account');
  const name = text(fields, 'name');
  const email = addressOf(fields);
  const password = text(fields, 'password', { min: 8 });
  const values = [name, email, keyOf(email), await hashOf(password), roleOf(fields)];
  const { rows } = await pool.query(
    `INSERT INTO accounts (name, email, email_key, password_hash, role)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING *`,
    values,
  );
  if (rows.length === 0) throw new Refusal(409, 'email', 'has already been taken');
  res.status(201).json(view(rows[0], await newToken(rows[0])));
});

accounts.post('/login', async (req, res) => {
  const fields = section(req.body, 'account');
  const key = keyOf(anyText(fields, 'email').trim());
  const { rows } = await pool.query('SELECT * FROM accounts WHERE email_key = $1', [key]);
  const matches = await isPassword(anyText(fields, 'password'), rows[0]?.password_hash ?? NOBODY);
  if (!matches) throw new Refusal(401, 'email or password', 'is not right');
  res.json(view(rows[0], await newToken(rows[0])));
});

accounts.get('/account', signedIn, (req, res) => {
  res.json(view(req.account, req.token));
});

accounts.put('/account', signedIn, async (req, res) => {
  const fields = section(req.body, 'account');
  const name = fields.name === undefined ? null : text(fields, 'name');
  const changed = fields.password !== undefined;
  const hash = changed ? await hashOf(text(fields, 'password', { min: 8 })) : null;
  const { rows } = await pool.query(
    `UPDATE accounts SET name = COALESCE($2, name), password_hash = COALESCE($3, password_hash)
     WHERE id = $1 RETURNING *`,
    [req.account.id, name, hash],
  );
  res.json(view(rows[0], req.token));
});

/** Middleware: the account of the token is `req.account`. */
export async function signedIn(req, res, next) {
  req.token = /^bearer (\w+)$/i.exec(req.headers.authorization ?? '')?.[1];
  const { rows } = await pool.query(
    'SELECT a.* FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token = $1',
    [req.token],
  );
  if (rows.length === 0) throw new Refusal(401, 'token', 'is missing or not valid');
  req.account = rows[0];
  next();
}

const view = ({ name, email, role }, token) => ({ account: { name, email, role, token } });

const keyOf = (email) => email.toLowerCase();

function addressOf(fields) {
  const email = text({ email: anyText(fields, 'email').trim() }, 'email', { max: 254 });
  if (!/^\S+@\S+$/.test(email)) throw new Refusal(422, 'email', 'needs an @ between two parts');
  return email;
}

function roleOf(fields) {
  if (fields.operatorCode === undefined) return 'traveller';
  const right = process.env.OPERATOR_CODE || 'ahoy';
  if (anyText(fields, 'operatorCode') !== right) {
    throw new Refusal(403, 'operatorCode', 'is not right');
  }
  return 'operator';
}

async function newToken(account) {
  const token = randomBytes(32).toString('hex');
  await pool.query('INSERT INTO sessions (token, account_id) VALUES ($1, $2)', [token, account.id]);
  return token;
}

async function hashOf(password) {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, 32)).toString('hex')}`;
}

async function isPassword(password, stored) {
  const [salt, hash] = stored.split(':').map((part) => Buffer.from(part, 'hex'));
  return timingSafeEqual(await derive(password, salt, 32), hash);
}
