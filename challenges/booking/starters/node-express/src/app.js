import express from 'express';
import { pool } from './database.js';

export const app = express();

app.use(express.json());

app.get('/api/sailings', async (req, res) => {
  const { rows } = await pool.query(
    'SELECT id, from_port AS "from", to_port AS "to" FROM sailings ORDER BY departs_at, id',
  );
  res.json({ sailings: rows, sailingsCount: rows.length });
});

// Your next paths go here. openapi.yaml says which, brief.md says why.

app.use((req, res) => {
  res.status(404).json({ errors: { path: ['not found'] } });
});

// Express calls this one when a handler throws.
app.use((error, req, res, next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  const words = status >= 500 ? 'could not answer this' : 'cannot be understood';
  res.status(status).json({ errors: { request: [words] } });
});
