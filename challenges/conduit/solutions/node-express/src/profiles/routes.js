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
    .post(identity.required, followThem)
    .delete(identity.required, unfollowThem)
    .all(methodNotAllowed);

  async function show(req, res) {
    answer(res, await findProfile(db, req.params.username, req.user?.id ?? null));
  }

  async function followThem(req, res) {
    const person = await follow(db, req.params.username, req.user.id);
    if (person?.id === req.user.id)
      throw unprocessable({ username: ['is your own: nobody follows themselves'] });
    answer(res, person);
  }

  async function unfollowThem(req, res) {
    answer(res, await unfollow(db, req.params.username, req.user.id));
  }

  return router;
}

function answer(res, person) {
  if (!person) throw notFound('profile');
  res.json({ profile: profileView(person) });
}
