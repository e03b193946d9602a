import { Router } from 'express';
import { articleView } from '../articles/view.js';
import { methodNotAllowed } from '../http/errors.js';
import { refuseUnstorable } from '../http/path.js';
import { addFavorite, removeFavorite } from './store.js';

export function favoriteRoutes({ db, identity }) {
  const router = Router();
  router.param('slug', refuseUnstorable);

  router
    .route('/articles/:slug/favorite')
    .post(identity.required, (req, res) => change(addFavorite, req, res))
    .delete(identity.required, (req, res) => change(removeFavorite, req, res))
    .all(methodNotAllowed);

  async function change(store, req, res) {
    const article = await store(db, req.params.slug, req.user.id);
    res.json({ article: articleView(article) });
  }

  return router;
}
