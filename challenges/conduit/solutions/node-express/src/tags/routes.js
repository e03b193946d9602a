import { Router } from 'express';
import { methodNotAllowed } from '../http/errors.js';
import { listTags } from './store.js';

export function tagRoutes({ db }) {
  const router = Router();

  router
    .route('/tags')
    .get(async (req, res) => res.json({ tags: await listTags(db) }))
    .all(methodNotAllowed);

  return router;
}
