import { Router } from 'express';
import { parseJson } from '../http/body.js';
import { methodNotAllowed } from '../http/errors.js';
import { refuseUnstorable } from '../http/path.js';
import { page, single } from '../http/query.js';
import { notFound } from '../http/refusals.js';
import { listArticles } from './list.js';
import { articleChanges, newArticle } from './rules.js';
import { deleteArticle, editArticle, findArticle, publishArticle } from './store.js';
import { articleView } from './view.js';

export function articleRoutes({ db, identity }) {
  const router = Router();
  router.param('slug', refuseUnstorable);

  router
    .route('/articles')
    .get(identity.optional, list)
    .post(identity.required, parseJson, publish)
    .all(methodNotAllowed);
  router.route('/articles/feed').get(identity.required, feed).all(methodNotAllowed);
  router
    .route('/articles/:slug')
    .get(identity.optional, show)
    .put(identity.required, parseJson, edit)
    .delete(identity.required, remove)
    .all(methodNotAllowed);

  async function list(req, res) {
    const [tag, author, favorited] = ['tag', 'author', 'favorited'].map((name) => single(req.query, name));
    await answerPage(req, res, { tag, author, favorited });
  }

  async function feed(req, res) {
    await answerPage(req, res, { followedBy: req.user.id });
  }

  async function answerPage(req, res, filters) {
    const { articles, total } = await listArticles(db, filters, page(req.query), req.user?.id ?? null);
    res.json({ articles: articles.map(articleView), articlesCount: total });
  }

  async function publish(req, res) {
    const article = await publishArticle(db, req.user.id, newArticle(req.body));
    res.status(201).json({ article: articleView(article) });
  }

  async function show(req, res) {
    const article = await findArticle(db, req.params.slug, req.user?.id ?? null);
    if (!article) throw notFound('article');
    res.json({ article: articleView(article) });
  }

  async function edit(req, res) {
    const changes = articleChanges(req.body);
    const article = await editArticle(db, req.params.slug, req.user.id, changes);
    res.json({ article: articleView(article) });
  }

  async function remove(req, res) {
    await deleteArticle(db, req.params.slug, req.user.id);
    res.status(204).end();
  }

  return router;
}
