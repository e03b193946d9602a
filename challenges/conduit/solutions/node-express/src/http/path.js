import { notFound } from './refusals.js';

/** For `router.param`: nothing can have a name with a NUL character, as PostgreSQL stores none. */
export function refuseUnstorable(req, res, next, value, name) {
  if (value.includes('\0')) throw notFound(name);
  next();
}
