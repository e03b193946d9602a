import { DatabaseUnavailable, ForeignKeyViolation, TransactionConflict } from '../db/errors.js';
import { Refusal, notFound } from './refusals.js';

/** Middleware for a path that is known, but not with this method. */
export function methodNotAllowed(req, res) {
  const allowed = Object.keys(req.route.methods).filter((name) => name !== '_all');
  res.set('Allow', allowed.join(', ').toUpperCase());
  throw new Refusal(405, { method: ['not allowed here'] });
}

/** Middleware for a path that nobody knows. */
export function pathNotFound() {
  throw notFound('path');
}

/** Express's error handler: every refusal and every failure in the one shape of the contract. */
export function answerError(error, req, res, next) {
  const { status, errors } = asRefusal(error);
  if (status >= 500)
    console.error(`${req.method} ${req.path} failed:`, status === 500 ? error : error.message);
  if (status === 401) res.set('WWW-Authenticate', 'Bearer');
  res.status(status).json({ errors });
}

function asRefusal(error) {
  if (error instanceof Refusal) return error;
  // A part of the path that is no UTF-8, or a row that somebody deleted in this very moment.
  if (error instanceof URIError) return notFound('path');
  if (error instanceof ForeignKeyViolation) return notFound('resource');
  if (error instanceof DatabaseUnavailable || error instanceof TransactionConflict) {
    return new Refusal(503, { server: ['is busy, please try again in a moment'] });
  }
  return new Refusal(500, { server: ['could not answer this'] });
}
