import { Router } from 'express';
import { operatorsOnly } from '../auth/identify.js';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { page, refuseOddIds, single } from '../http/query.js';
import { unprocessable } from '../http/refusals.js';
import { check, futureTime, section, text, wholeNumber } from '../http/rules.js';
import { addSailing, findSailing, listSailings } from './store.js';

const port = text({ max: 64 });
const seats = wholeNumber({ max: 5_000 });
const price = wholeNumber({ max: 1_000_000 });

export function sailingRoutes({ db, signedIn }) {
  const router = Router();
  router.param('id', refuseOddIds);
  router
    .route('/sailings')
    .get(list)
    .post(signedIn, operatorsOnly, parseJson, open)
    .all(methodNotAllowed);
  router.route('/sailings/:id').get(read).all(methodNotAllowed);

  async function list(req, res) {
    const filters = { from: single(req.query, 'from'), to: single(req.query, 'to') };
    const { sailings, total } = await listSailings(db, filters, page(req.query));
    res.json({ sailings: sailings.map(sailingView), sailingsCount: total });
  }

  async function open(req, res) {
    const fields = section(req.body, 'sailing');
    const sailing = check(fields, { from: port, to: port, departsAt: futureTime, seats, price });
    if (sailing.from === sailing.to) throw unprocessable({ to: ['must be another port'] });
    res.status(201).json({ sailing: sailingView(await addSailing(db, sailing)) });
  }

  async function read(req, res) {
    res.json({ sailing: sailingView(await findSailing(db, req.params.id)) });
  }

  return router;
}

const sailingView = (row) => ({
  id: row.id,
  from: row.from_port,
  to: row.to_port,
  departsAt: row.departs_at.toISOString(),
  seats: row.seats,
  seatsLeft: row.seats_left,
  price: row.price,
});
