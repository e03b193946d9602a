import { Router } from 'express';
import { pool } from './database.js';

export const sailings = Router();

sailings.get('/sailings', async (req, res) => {
  const { rows } = await pool.query(
    'SELECT id, from_port AS "from", to_port AS "to" FROM sailings ORDER BY departs_at, id',
  );
  res.json({ sailings: rows, sailingsCount: rows.length });
});
