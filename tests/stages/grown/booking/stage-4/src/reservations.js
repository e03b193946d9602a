import { Router } from 'express';
import { signedIn } from './accounts.js';
import { pool } from './database.js';
import { filter, number, oddIds, page } from './numbers.js';
import { Refusal, section } from './rules.js';
import { findSailing } from './sailings.js';
import { transaction } from './transaction.js';

export const reservations = Router();
reservations.param('id', oddIds);

const STATUS = `CASE WHEN r.status = 'held' AND r.expires_at <= statement_timestamp()
                     THEN 'expired' ELSE r.status END`;
const SELECT = `SELECT r.*, ${STATUS} AS status_now, s.from_port, s.to_port, s.departs_at
                FROM reservations r JOIN sailings s ON s.id = r.sailing_id`;

reservations.post('/sailings/:id/reservations', signedIn, async (req, res) => {
  const fields = section(req.body, 'reservation');
  const seats = number(fields, 'seats', 9);
  const seconds = fields.holdSeconds === undefined ? 900 : number(fields, 'holdSeconds', 900);
  const key = req.headers['idempotency-key'] ?? null;
  if (key !== null && !/^[!-~]{1,100}$/.test(key)) throw keyRefused('must be plain and short');
  const row = await transaction(async (db) => {
    // One after the other for each person and each sailing, so that no seat is given twice.
    await db.query('SELECT id FROM accounts WHERE id = $1 FOR UPDATE', [req.account.id]);
    await db.query('SELECT id FROM sailings WHERE id = $1 FOR UPDATE', [req.params.id]);
    const sailing = await findSailing(db, req.params.id);
    const before = await findByKey(db, req.account.id, key);
    if (before) return sameOf(before, sailing, seats);
    if (sailing.seats_left < seats) throw new Refusal(409, 'seats', 'too few are left');
    const values = [req.account.id, sailing.id, seats, seats * sailing.price, key, seconds];
    const { rows } = await db.query(
      `INSERT INTO reservations (account_id, sailing_id, seats, total, idempotency_key, expires_at)
       VALUES ($1, $2, $3, $4, $5, statement_timestamp() + $6 * interval '1 second') RETURNING id`,
      values,
    );
    return findOwn(db, rows[0].id, req.account.id);
  });
  res.status(201).json({ reservation: view(row) });
});

reservations.get('/reservations', signedIn, async (req, res) => {
  const status = filter(req.query, 'status');
  if (![null, 'held', 'paid', 'cancelled', 'expired'].includes(status)) {
    throw new Refusal(422, 'status', 'must be held, paid, cancelled or expired');
  }
  const where = `r.account_id = $1 AND ($2::text IS NULL OR ${STATUS} = $2)`;
  const { rows } = await pool.query(
    `${SELECT} WHERE ${where} ORDER BY r.id DESC LIMIT $3 OFFSET $4`,
    [req.account.id, status, ...page(req.query)],
  );
  const counted = await pool.query(
    `SELECT count(*)::int AS total FROM reservations r WHERE ${where}`,
    [req.account.id, status],
  );
  res.json({ reservations: rows.map(view), reservationsCount: counted.rows[0].total });
});

reservations.get('/reservations/:id', signedIn, async (req, res) => {
  res.json({ reservation: view(await findOwn(pool, req.params.id, req.account.id)) });
});

export async function findOwn(db, id, accountId) {
  const { rows } = await db.query(`${SELECT} WHERE r.id = $1`, [id]);
  if (rows.length === 0) throw new Refusal(404, 'reservation', 'not found');
  if (rows[0].account_id !== accountId) throw new Refusal(403, 'reservation', 'is not yours');
  return rows[0];
}

export const view = (row) => ({
  id: Number(row.id),
  sailing: {
    id: Number(row.sailing_id),
    from: row.from_port,
    to: row.to_port,
    departsAt: row.departs_at.toISOString(),
  },
  seats: row.seats,
  total: row.total,
  status: row.status_now,
  charged: row.charged ?? 0,
  refunded: row.refunded ?? 0,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});

async function findByKey(db, accountId, key) {
  const where = 'WHERE r.account_id = $1 AND r.idempotency_key = $2';
  const { rows } = await db.query(`${SELECT} ${where}`, [accountId, key]);
  return rows[0];
}

function sameOf(row, sailing, seats) {
  if (row.sailing_id !== sailing.id || row.seats !== seats) throw keyRefused('was used before');
  return row;
}

const keyRefused = (words) => new Refusal(422, 'Idempotency-Key', words);
