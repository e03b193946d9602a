import pg from 'pg';

/** The database cannot be reached, or stopped answering. What was sent may or may not have happened. */
export class DatabaseUnavailable extends Error {}

/** The database gave up this transaction in favour of another one; nothing of it happened. */
export class TransactionConflict extends Error {}

/** A row like this one is there already; `constraint` names the rule. */
export class UniqueViolation extends Error {}

/** A row that this one refers to is gone. */
export class ForeignKeyViolation extends Error {}

const BY_CODE = {
  23503: ForeignKeyViolation,
  23505: UniqueViolation,
  40001: TransactionConflict,
  '40P01': TransactionConflict,
  '25P03': DatabaseUnavailable,
  '55P03': DatabaseUnavailable,
};

// Connection lost, too few resources, stopped by an operator or a time-out, trouble with the disk:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);

/** What the driver threw, as one of the kinds above where it is one. */
export function translate(error) {
  const Kind = kindOf(error);
  if (!Kind) return error;
  const translated = new Kind(error.message, { cause: error });
  translated.constraint = error.constraint;
  return translated;
}

function kindOf(error) {
  if (!(error instanceof pg.DatabaseError)) return DatabaseUnavailable;
  if (UNAVAILABLE_CLASSES.has(error.code?.slice(0, 2))) return DatabaseUnavailable;
  return BY_CODE[error.code];
}
