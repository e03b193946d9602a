/** Thrown by handlers; the error handler of app.js answers it. */
export class Refusal extends Error {
  constructor(status, field, words) {
    super(words);
    this.status = status;
    this.errors = { [field]: [words] };
  }
}

/** The object that the body holds under `name`. */
export function section(body, name) {
  const value = body?.[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(422, name, 'must be an object');
  }
  return value;
}

/** `fields[name]`, a text. PostgreSQL cannot store NUL, nor half of a surrogate pair. */
export function anyText(fields, name) {
  const value = fields[name];
  if (typeof value !== 'string') throw new Refusal(422, name, 'must be a text');
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new Refusal(422, name, 'has characters that cannot be stored');
  }
  return value;
}

/** `fields[name]`, a text that is not blank and has `min` to `max` characters. */
export function text(fields, name, { min = 1, max = 64 } = {}) {
  const value = anyText(fields, name);
  const { length } = [...value];
  if (value.trim() === '') throw new Refusal(422, name, "can't be blank");
  if (length < min || length > max) {
    throw new Refusal(422, name, `must have ${min} to ${max} characters`);
  }
  return value;
}
