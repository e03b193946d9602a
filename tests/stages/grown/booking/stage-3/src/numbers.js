import { Refusal, anyText } from './rules.js';

/** `fields[name]`, a whole number from 1 to `max`. */
export function number(fields, name, max) {
  const value = fields[name];
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Refusal(422, name, `must be a whole number from 1 to ${max}`);
  }
  return value;
}

/** The text that the query holds under `name`, or null. */
export function filter(query, name) {
  return query[name] === undefined ? null : anyText(query, name);
}

/** `limit` and `offset` of the query, each a whole number that the database can count to. */
export function page(query) {
  const [limit, offset] = [['limit', 20], ['offset', 0]].map(([name, usual]) => {
    const value = filter(query, name) ?? String(usual);
    if (!/^[0-9]{1,9}$/.test(value)) throw new Refusal(422, name, 'must be a whole number');
    return Number(value);
  });
  if (limit === 0) throw new Refusal(422, 'limit', 'must be at least 1');
  return [Math.min(limit, 100), offset];
}

/** Middleware for `router.param`: a path whose id is no number leads nowhere. */
export function oddIds(req, res, next, value) {
  if (!/^[0-9]{1,18}$/.test(value)) throw new Refusal(404, 'id', 'not found');
  next();
}
