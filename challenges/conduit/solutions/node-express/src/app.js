import express from 'express';
import { articleRoutes } from './articles/routes.js';
import { identify } from './auth/identify.js';
import { Tokens } from './auth/tokens.js';
import { commentRoutes } from './comments/routes.js';
import { favoriteRoutes } from './favorites/routes.js';
import { collectBody } from './http/body.js';
import { answerError, pathNotFound } from './http/errors.js';
import { plainAnswers } from './http/headers.js';
import { parseQuery } from './http/query.js';
import { profileRoutes } from './profiles/routes.js';
import { tagRoutes } from './tags/routes.js';
import { userRoutes } from './users/routes.js';

/** The API as an Express application, on a Database. */
export function createApp({ db, jwtSecret }) {
  const tokens = new Tokens(jwtSecret);
  const context = { db, tokens, identity: identify(db, tokens) };

  const app = express();
  plainAnswers(app);
  app.set('query parser', parseQuery);
  app.use(collectBody);
  app.use(
    '/api',
    userRoutes(context),
    profileRoutes(context),
    articleRoutes(context),
    favoriteRoutes(context),
    commentRoutes(context),
    tagRoutes(context),
  );
  app.use(pathNotFound);
  app.use(answerError);
  return app;
}
