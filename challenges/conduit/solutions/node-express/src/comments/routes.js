import { Router } from 'express';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { refuseUnstorable } from '../http/path.js';
import { notFound } from '../http/refusals.js';
import { check, section, text } from '../http/rules.js';
import { profileView } from '../profiles/view.js';
import { addComment, deleteComment, listComments } from './store.js';

export function commentRoutes({ db, identity }) {
  const router = Router();
  router.param('slug', refuseUnstorable);
  router.param('id', refuseOddIds);

  router
    .route('/articles/:slug/comments')
    .get(identity.optional, list)
    .post(identity.required, parseJson, add)
    .all(methodNotAllowed);
  router.route('/articles/:slug/comments/:id').delete(identity.required, remove).all(methodNotAllowed);

  async function list(req, res) {
    const comments = await listComments(db, req.params.slug, req.user?.id ?? null);
    res.json({ comments: comments.map(commentView) });
  }

  async function add(req, res) {
    const { body } = check(section(req.body, 'comment'), { body: text() });
    const comment = await addComment(db, req.params.slug, req.user, body);
    res.status(201).json({ comment: commentView(comment) });
  }

  async function remove(req, res) {
    await deleteComment(db, req.params.slug, req.params.id, req.user.id);
    res.status(204).end();
  }

  return router;
}

// A whole number that fits into 64 bits; nothing else can be the id of a comment.
function refuseOddIds(req, res, next, value) {
  if (!/^[0-9]{1,18}$/.test(value)) throw notFound('comment');
  next();
}

function commentView(row) {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    body: row.body,
    author: profileView(row),
  };
}
