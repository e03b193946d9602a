import { unprocessable } from './refusals.js';

/*
 * A rule takes the value of a field as it was sent and returns it as it is kept,
 * or throws a Problem.
 */

/** What is wrong with a field, in words. */
export class Problem extends Error {}

/** The object that a body holds under `name`, or a refusal. */
export function section(body, name) {
  const value = isObject(body) ? body[name] : undefined;
  if (!isObject(value)) throw unprocessable({ [name]: ['must be an object'] });
  return value;
}

/** The fields that `rules` names, each as its rule keeps it; all of them must be there. */
export function check(fields, rules) {
  const kept = {};
  const errors = {};
  for (const [name, rule] of Object.entries(rules)) {
    try {
      kept[name] = rule(fields[name]);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      errors[name] = [error.message];
    }
  }
  if (Object.keys(errors).length > 0) throw unprocessable(errors);
  return kept;
}

/** As `check`, but only for the fields that were sent. */
export function checkSent(fields, rules) {
  const wanted = Object.entries(rules).filter(([name]) => fields[name] !== undefined);
  return check(fields, Object.fromEntries(wanted));
}

/** Rule: a text that can be stored. Not every database knows NUL, and UTF-8 no half surrogate pairs. */
export function anyText(value) {
  if (value === undefined) throw new Problem('is missing');
  if (typeof value !== 'string') throw new Problem('must be a text');
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new Problem('contains characters that cannot be stored');
  }
  return value;
}

/** Rule: a text that is not blank and has at most `max` characters. */
export function text({ max = Infinity } = {}) {
  return (value) => {
    anyText(value);
    if (value.trim() === '') throw new Problem("can't be blank");
    if (lengthOf(value) > max) throw new Problem(`is too long (at most ${max} characters)`);
    return value;
  };
}

/** Rule: null, or what `rule` asks. */
export const orNull = (rule) => (value) => (value === null ? null : rule(value));

/** Characters as people count them in most scripts: code points, not UTF-16 units. */
export function lengthOf(value) {
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
