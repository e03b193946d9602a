import express from 'express';
import { accountRoutes } from './accounts/routes.js';
import { identify } from './auth/identify.js';
import { Tokens } from './auth/tokens.js';
import { collectBody } from './http/body.js';
import { answerError, pathNotFound } from './http/errors.js';
import { plainAnswers } from './http/headers.js';
import { parseQuery } from './http/query.js';
import { reservationRoutes } from './reservations/routes.js';
import { sailingRoutes } from './sailings/routes.js';

/** The API as an Express application, on a Database. */
export function createApp({ db, config }) {
  const tokens = new Tokens(config.jwtSecret);
  const context = { db, tokens, signedIn: identify(db, tokens), operatorCode: config.operatorCode };

  const app = express();
  plainAnswers(app);
  app.set('query parser', parseQuery);
  app.use(collectBody);
  app.use('/api', accountRoutes(context), sailingRoutes(context), reservationRoutes(context));
  app.use(pathNotFound);
  app.use(answerError);
  return app;
}
