import express from 'express';
import { routes } from './routes.js';

export const app = express();

app.disable('etag');
app.use(express.json());
app.use('/api', ...routes);

app.use((req, res) => {
  res.status(404).json({ errors: { path: ['not found'] } });
});

// Express calls this one when a handler throws.
app.use((error, req, res, next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  const words = status >= 500 ? 'could not answer this' : 'cannot be understood';
  res.status(status).json({ errors: error.errors ?? { request: [words] } });
});
