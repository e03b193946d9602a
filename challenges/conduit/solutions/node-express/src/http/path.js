import { notFound } from './refusals.js';

/** For `router.param`: nothing has a name with a NUL character, as none is stored. */
export function refuseUnstorable(req, res, next, value, name) {
  if (value.includes('\0')) throw notFound(name);
  next();
}
