import { Router } from 'express';
import { signedIn } from './accounts.js';
import { number, oddIds } from './numbers.js';
import { findOwn, view } from './reservations.js';
import { Refusal, section } from './rules.js';
import { transaction } from './transaction.js';

export const payments = Router();
payments.param('id', oddIds);

payments.post('/reservations/:id/payment', signedIn, async (req, res) => {
  const amount = number(section(req.body, 'payment'), 'amount', Number.MAX_SAFE_INTEGER);
  const row = await change(req, async (db, { id, total, status_now: status }) => {
    if (amount !== total) throw new Refusal(422, 'amount', `must be ${total}`);
    if (status === 'cancelled') throw new Refusal(409, 'reservation', 'is cancelled');
    await db.query(`UPDATE reservations SET status = 'paid', charged = total WHERE id = $1`, [id]);
  });
  res.json({ reservation: view(row) });
});

payments.post('/reservations/:id/cancellation', signedIn, async (req, res) => {
  const row = await change(req, (db, { id }) =>
    db.query(`UPDATE reservations SET status = 'cancelled', refunded = charged WHERE id = $1`, [id]),
  );
  res.json({ reservation: view(row) });
});

/** Lock one's own reservation and its sailing, change it with `work`, and return it as it is then. */
function change(req, work) {
  const [id, me] = [req.params.id, req.account.id];
  return transaction(async (db) => {
    const { sailing_id: sailing } = await findOwn(db, id, me);
    await db.query('SELECT id FROM sailings WHERE id = $1 FOR UPDATE', [sailing]);
    const row = await findOwn(db, id, me);
    if (row.status_now === 'expired') throw new Refusal(409, 'reservation', 'is expired');
    await work(db, row);
    return findOwn(db, id, me);
  });
}
