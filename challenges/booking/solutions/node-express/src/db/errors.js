import pg from 'pg';

/** The database cannot be reached, or stopped answering. What was sent may or may not have happened. */
export class DatabaseUnavailable extends Error {}

/** The connection broke; on another one the same statement may well work. */
export class ConnectionLost extends DatabaseUnavailable {}

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

// https://www.postgresql.org/docs/current/errcodes-appendix.html: the connection failed, or the
// server is being shut down or started.
const LOST = /^(08|57P0[123])/;

// Too few resources, a statement that took too long, trouble with the disk.
const UNAVAILABLE = /^(53|57|58)/;

/** What the driver threw, as one of the kinds above where it is one. */
export function translate(error) {
  const Kind = kindOf(error);
  if (!Kind) return error;
  const translated = new Kind(error.message, { cause: error });
  translated.constraint = error.constraint;
  return translated;
}

function kindOf(error) {
  if (!(error instanceof pg.DatabaseError)) {
    return /timeout/i.test(error.message) ? DatabaseUnavailable : ConnectionLost;
  }
  if (LOST.test(error.code)) return ConnectionLost;
  if (UNAVAILABLE.test(error.code)) return DatabaseUnavailable;
  return BY_CODE[error.code];
}
