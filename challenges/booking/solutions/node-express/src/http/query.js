import { notFound, unprocessable } from './refusals.js';

const BIGGEST_PAGE = 100;
const USUAL_PAGE = 20;

/** Express's query parser, but strict: what is not UTF-8 is refused instead of guessed. */
export function parseQuery(text) {
  const query = Object.create(null);
  for (const pair of (text ?? '').split('&').filter(Boolean)) {
    const [name, ...value] = pair.split('=');
    (query[decode(name)] ??= []).push(decode(value.join('=')));
  }
  return query;
}

/** The page that `limit` and `offset` ask for: never more than 100 entries, 20 if nothing is said. */
export function page(query) {
  const limit = wholeNumber(query, 'limit', USUAL_PAGE);
  if (limit < 1) throw unprocessable({ limit: ['must be at least 1'] });
  const offset = wholeNumber(query, 'offset', 0);
  if (!Number.isSafeInteger(offset)) throw unprocessable({ offset: ['is too big'] });
  return { limit: Math.min(limit, BIGGEST_PAGE), offset };
}

/** Middleware for `router.param`: an id is a whole number that fits into 64 bits. */
export function refuseOddIds(req, res, next, value) {
  if (!/^[0-9]{1,18}$/.test(value)) throw notFound('id');
  next();
}

/** One text of the query, or undefined when it was not sent. */
export function single(query, name) {
  const values = query[name];
  if (values === undefined) return undefined;
  if (values.length > 1) throw unprocessable({ [name]: ['must be given once'] });
  if (values[0].includes('\0')) throw unprocessable({ [name]: ['must not contain a NUL character'] });
  return values[0];
}

function wholeNumber(query, name, fallback) {
  const text = single(query, name);
  if (text === undefined) return fallback;
  if (!/^[0-9]+$/.test(text)) throw unprocessable({ [name]: ['must be a whole number'] });
  return Number(text);
}

function decode(text) {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw unprocessable({ query: ['is not valid UTF-8'] });
  }
}
