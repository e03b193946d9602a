import { notFound } from '../http/refusals.js';

/** SQL: the seats of the sailing `s` that are paid, or held at this moment. */
const TAKEN = `
  COALESCE((SELECT sum(r.seats) FROM reservations r
            WHERE r.sailing_id = s.id AND (r.status = 'paid'
              OR r.status = 'held' AND r.expires_at > statement_timestamp())), 0)`;

const SAILING = `s.id, s.from_port, s.to_port, s.departs_at, s.seats, s.price, s.seats - ${TAKEN} AS seats_left`;

export async function addSailing(db, { from, to, departsAt, seats, price }) {
  const { rows } = await db.query(
    `INSERT INTO sailings AS s (from_port, to_port, departs_at, seats, price)
     VALUES ($1, $2, $3, $4, $5) RETURNING ${SAILING}`,
    [from, to, departsAt, seats, price],
  );
  return rows[0];
}

export async function findSailing(db, id) {
  const { rows } = await db.read(`SELECT ${SAILING} FROM sailings s WHERE s.id = $1`, [id]);
  if (rows.length === 0) throw notFound('sailing');
  return rows[0];
}

/** Whoever reserves, pays or cancels holds the row of the sailing until the transaction ends. */
export async function lockSailing(tx, id) {
  const { rows } = await tx.query('SELECT id FROM sailings WHERE id = $1 FOR NO KEY UPDATE', [id]);
  if (rows.length === 0) throw notFound('sailing');
}

const FILTERS = { from: 'from_port', to: 'to_port' };

/** One page of the sailings, next departure first, and how many match in all; one statement. */
export async function listSailings(db, filters, { limit, offset }) {
  const names = Object.keys(FILTERS).filter((name) => filters[name] !== undefined);
  const where = names.map((name, index) => `${FILTERS[name]} = $${index + 3}`).join(' AND ') || 'true';
  const { rows } = await db.read(statement(where, names.length > 0), [
    limit,
    offset,
    ...names.map((name) => filters[name]),
  ]);
  return { sailings: rows.filter((row) => row.id !== null), total: rows[0].total };
}

// With a filter all that match are found first, by its index: else PostgreSQL may walk through all
// sailings in the hope of soon finding twenty.
const statement = (where, filtered) => `
  WITH matching AS ${filtered ? 'MATERIALIZED' : 'NOT MATERIALIZED'} (
    SELECT id, departs_at FROM sailings WHERE ${where}
  ), page AS (
    SELECT id FROM matching ORDER BY departs_at, id LIMIT $1 OFFSET $2
  )
  SELECT counted.total, ${SAILING}
  FROM (SELECT count(*) AS total FROM matching) counted
  LEFT JOIN (page JOIN sailings s ON s.id = page.id) ON true
  ORDER BY s.departs_at, s.id`;
