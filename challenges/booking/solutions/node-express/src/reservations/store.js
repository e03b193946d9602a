import { conflict, forbidden, notFound, unprocessable } from '../http/refusals.js';
import { findSailing, lockSailing } from '../sailings/store.js';

/** SQL: the state of the reservation `r` at this moment. */
const STATUS = `
  CASE WHEN r.status = 'held' AND r.expires_at <= statement_timestamp() THEN 'expired' ELSE r.status END`;

const RESERVATION = `
  r.id, r.account_id, r.sailing_id, r.seats, r.total, ${STATUS} AS status, r.created_at, r.expires_at,
  s.from_port, s.to_port, s.departs_at,
  COALESCE((SELECT p.amount FROM payments p WHERE p.reservation_id = r.id AND p.kind = 'charge'), 0) AS charged,
  COALESCE((SELECT p.amount FROM payments p WHERE p.reservation_id = r.id AND p.kind = 'refund'), 0) AS refunded`;

/** A reservation of one's own. */
export async function findReservation(db, id, accountId) {
  const { rows } = await db.read(
    `SELECT ${RESERVATION} FROM reservations r JOIN sailings s ON s.id = r.sailing_id WHERE r.id = $1`,
    [id],
  );
  return ownOf(rows[0], accountId);
}

function ownOf(row, accountId) {
  if (!row) throw notFound('reservation');
  if (row.account_id !== accountId) throw forbidden('reservation', 'belongs to someone else');
  return row;
}

/** One page of one's own reservations, newest first, and how many match in all; one statement. */
export async function listReservations(db, accountId, status, { limit, offset }) {
  const { rows } = await db.read(
    `WITH matching AS (
       SELECT r.id FROM reservations r WHERE r.account_id = $1 AND ($2::text IS NULL OR ${STATUS} = $2)
     ), page AS (
       SELECT id FROM matching ORDER BY id DESC LIMIT $3 OFFSET $4
     )
     SELECT counted.matching, ${RESERVATION}
     FROM (SELECT count(*) AS matching FROM matching) counted
     LEFT JOIN (
       page JOIN reservations r ON r.id = page.id JOIN sailings s ON s.id = r.sailing_id
     ) ON true
     ORDER BY r.id DESC`,
    [accountId, status ?? null, limit, offset],
  );
  return { reservations: rows.filter((row) => row.id !== null), total: rows[0].matching };
}

/**
 * Take seats. Throws UniqueViolation when the key was used, in this very moment, for another sailing.
 */
export function addReservation(db, sailingId, accountId, { seats, holdSeconds, key }) {
  return db.transaction(async (tx) => {
    await lockSailing(tx, sailingId);
    const repeated = key && (await findByKey(tx, accountId, key));
    if (repeated) return sameOf(repeated, { sailingId, seats });
    const sailing = await findSailing(tx, sailingId);
    if (sailing.seats_left < seats) throw conflict('seats', `only ${sailing.seats_left} are left`);
    const { rows } = await tx.query(
      `INSERT INTO reservations (account_id, sailing_id, seats, total, idempotency_key, expires_at)
       VALUES ($1, $2, $3, $4, $5, statement_timestamp() + $6 * interval '1 second') RETURNING id`,
      [accountId, sailingId, seats, seats * sailing.price, key ?? null, holdSeconds],
    );
    return findReservation(tx, rows[0].id, accountId);
  });
}

async function findByKey(tx, accountId, key) {
  const { rows } = await tx.query(
    `SELECT ${RESERVATION} FROM reservations r JOIN sailings s ON s.id = r.sailing_id
     WHERE r.account_id = $1 AND r.idempotency_key = $2`,
    [accountId, key],
  );
  return rows[0];
}

function sameOf(row, { sailingId, seats }) {
  if (row.sailing_id !== Number(sailingId) || row.seats !== seats) throw keyUsed();
  return row;
}

export const keyUsed = () => unprocessable({ 'Idempotency-Key': ['was used for another reservation'] });

/** Charge a held reservation; one that is paid already stays as it is. */
export function payReservation(db, id, accountId, amount) {
  return changeOwn(db, id, accountId, async (tx, { status, total }) => {
    if (amount !== total) throw unprocessable({ amount: [`must be ${total}`] });
    if (status === 'cancelled' || status === 'expired') throw conflict('reservation', `is ${status}`);
    if (status === 'held') await move(tx, id, 'paid', 'charge');
  });
}

/** Give seats and money back; a reservation that is cancelled already stays as it is. */
export function cancelReservation(db, id, accountId) {
  return changeOwn(db, id, accountId, async (tx, { status }) => {
    if (status === 'expired') throw conflict('reservation', 'is expired');
    if (status !== 'cancelled') await move(tx, id, 'cancelled', status === 'paid' ? 'refund' : undefined);
  });
}

// The sailing is locked first, as everywhere; what is read after that stays true.
function changeOwn(db, id, accountId, change) {
  return db.transaction(async (tx) => {
    const { sailing_id: sailingId } = await findReservation(tx, id, accountId);
    await lockSailing(tx, sailingId);
    await change(tx, await findReservation(tx, id, accountId));
    return findReservation(tx, id, accountId);
  });
}

async function move(tx, id, status, payment) {
  await tx.query('UPDATE reservations SET status = $2 WHERE id = $1', [id, status]);
  if (!payment) return;
  await tx.query(
    'INSERT INTO payments (reservation_id, kind, amount) SELECT id, $2, total FROM reservations WHERE id = $1',
    [id, payment],
  );
}
