import { Router } from 'express';
import { signedIn } from './accounts.js';
import { pool } from './database.js';
import { filter, number, oddIds, page } from './numbers.js';
import { Refusal, anyText, section, text } from './rules.js';
import { SEATS_LEFT } from './seats_left.js';

export const sailings = Router();
sailings.param('id', oddIds);

sailings.get('/sailings', async (req, res) => {
  const matching = `FROM sailings s
    WHERE from_port = COALESCE($1, from_port) AND to_port = COALESCE($2, to_port)`;
  const ports = [filter(req.query, 'from'), filter(req.query, 'to')];
  const { rows } = await pool.query(
    `SELECT s.*, ${SEATS_LEFT} AS seats_left ${matching} ORDER BY departs_at, id LIMIT $3 OFFSET $4`,
    [...ports, ...page(req.query)],
  );
  const counted = await pool.query(`SELECT count(*)::int AS total ${matching}`, ports);
  res.json({ sailings: rows.map(view), sailingsCount: counted.rows[0].total });
});

sailings.post('/sailings', signedIn, async (req, res) => {
  if (req.account.role !== 'operator') throw new Refusal(403, 'role', 'must be operator');
  const fields = section(req.body, 'sailing');
  const [from, to] = [text(fields, 'from'), text(fields, 'to')];
  if (from.trim() === to.trim()) throw new Refusal(422, 'to', 'must be another port');
  const { rows } = await pool.query(
    `INSERT INTO sailings (from_port, to_port, departs_at, seats, price)
     VALUES ($1, $2, $3, $4, $5) RETURNING *, seats AS seats_left`,
    [from, to, departureOf(fields), number(fields, 'seats', 5000), number(fields, 'price', 1e6)],
  );
  res.status(201).json({ sailing: view(rows[0]) });
});

sailings.get('/sailings/:id', async (req, res) => {
  const sailing = await findSailing(pool, req.params.id);
  res.json({ sailing: view(sailing) });
});

export async function findSailing(db, id) {
  const { rows } = await db.query(
    `SELECT s.*, ${SEATS_LEFT} AS seats_left FROM sailings s WHERE id = $1`,
    [id],
  );
  if (rows.length === 0) throw new Refusal(404, 'sailing', 'not found');
  return rows[0];
}

const view = (row) => ({
  id: Number(row.id),
  from: row.from_port,
  to: row.to_port,
  departsAt: row.departs_at.toISOString(),
  seats: row.seats,
  seatsLeft: Number(row.seats_left),
  price: row.price,
});

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|\+00:00)$/;

function departureOf(fields) {
  const [, seconds, fraction = ''] = TIME.exec(anyText(fields, 'departsAt')) ?? [];
  const time = new Date(`${seconds}${fraction.slice(0, 4)}Z`);
  // Date reads 30 February as 2 March.
  if (Number.isNaN(time.getTime()) || !time.toISOString().startsWith(seconds) || time <= new Date()) {
    throw new Refusal(422, 'departsAt', 'must be in the future, such as 2126-03-14T15:09:26Z');
  }
  return time;
}
