import { Router } from 'express';
import { methodNotAllowed } from '../http/errors.js';
import { refuseUnstorable } from '../http/path.js';
import { notFound, unprocessable } from '../http/refusals.js';
import { findProfile, follow, unfollow } from './store.js';
import { profileView } from './view.js';

export function profileRoutes({ db, identity }) {
  const router = Router();
  router.param('username', refuseUnstorable);

  router.route('/profiles/:username').get(identity.optional, show).all(methodNotAllowed);
  router
    .route('/profiles/:username/follow')
    .post(identity.required, refuseOneself, (req, res) => change(follow, req, res))
    .delete(identity.required, refuseOneself, (req, res) => change(unfollow, req, res))
    .all(methodNotAllowed);

  async function show(req, res) {
    answer(res, await findProfile(db, req.params.username, req.user?.id ?? null));
  }

  async function change(store, req, res) {
    answer(res, await store(db, req.params.username, req.user.id));
  }

  return router;
}

function refuseOneself(req, res, next) {
  if (req.params.username === req.user.username) {
    throw unprocessable({ username: ['is your own: nobody follows themselves'] });
  }
  next();
}

function answer(res, person) {
  if (!person) throw notFound('profile');
  res.json({ profile: profileView(person) });
}
