import { Router } from 'express';
import { UniqueViolation } from '../db/errors.js';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { page, refuseOddIds, single } from '../http/query.js';
import { unprocessable } from '../http/refusals.js';
import { check, checkSent, section, wholeNumber } from '../http/rules.js';
import {
  addReservation,
  cancelReservation,
  findReservation,
  keyUsed,
  listReservations,
  payReservation,
} from './store.js';

const STATUSES = ['held', 'paid', 'cancelled', 'expired'];
const LONGEST_HOLD = 900;

export function reservationRoutes({ db, signedIn }) {
  const router = Router();
  router.param('id', refuseOddIds);
  router.route('/sailings/:id/reservations').post(signedIn, parseJson, reserve).all(methodNotAllowed);
  router.route('/reservations').get(signedIn, list).all(methodNotAllowed);
  router.route('/reservations/:id').get(signedIn, read).all(methodNotAllowed);
  router.route('/reservations/:id/payment').post(signedIn, parseJson, pay).all(methodNotAllowed);
  router.route('/reservations/:id/cancellation').post(signedIn, cancel).all(methodNotAllowed);

  async function reserve(req, res) {
    const wanted = { ...reservationOf(req.body), key: keyOf(req.headers) };
    try {
      const row = await addReservation(db, req.params.id, req.account.id, wanted);
      res.status(201).json({ reservation: reservationView(row) });
    } catch (error) {
      throw error instanceof UniqueViolation ? keyUsed() : error;
    }
  }

  async function list(req, res) {
    const status = single(req.query, 'status');
    if (status !== undefined && !STATUSES.includes(status)) {
      throw unprocessable({ status: [`must be one of ${STATUSES.join(', ')}`] });
    }
    const { reservations, total } = await listReservations(db, req.account.id, status, page(req.query));
    res.json({ reservations: reservations.map(reservationView), reservationsCount: total });
  }

  async function read(req, res) {
    const row = await findReservation(db, req.params.id, req.account.id);
    res.json({ reservation: reservationView(row) });
  }

  async function pay(req, res) {
    const { amount } = check(section(req.body, 'payment'), { amount: wholeNumber() });
    const row = await payReservation(db, req.params.id, req.account.id, amount);
    res.json({ reservation: reservationView(row) });
  }

  async function cancel(req, res) {
    const row = await cancelReservation(db, req.params.id, req.account.id);
    res.json({ reservation: reservationView(row) });
  }

  return router;
}

function reservationOf(body) {
  const fields = section(body, 'reservation');
  return {
    ...check(fields, { seats: wholeNumber({ max: 9 }) }),
    holdSeconds: LONGEST_HOLD,
    ...checkSent(fields, { holdSeconds: wholeNumber({ max: LONGEST_HOLD }) }),
  };
}

function keyOf(headers) {
  const key = headers['idempotency-key'];
  if (key !== undefined && !/^[!-~]{1,100}$/.test(key)) {
    throw unprocessable({ 'Idempotency-Key': ['must have 1 to 100 printable ASCII characters'] });
  }
  return key;
}

const reservationView = (row) => ({
  id: row.id,
  sailing: {
    id: row.sailing_id,
    from: row.from_port,
    to: row.to_port,
    departsAt: row.departs_at.toISOString(),
  },
  seats: row.seats,
  total: row.total,
  status: row.status,
  charged: row.charged,
  refunded: row.refunded,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
