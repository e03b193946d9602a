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
  ER_DUP_ENTRY: UniqueViolation,
  ER_NO_REFERENCED_ROW_2: ForeignKeyViolation,
  ER_LOCK_DEADLOCK: TransactionConflict,
  ER_CHECKREAD: TransactionConflict,
  // Only its statement was undone, and nobody says what it waited for.
  ER_LOCK_WAIT_TIMEOUT: DatabaseUnavailable,
  ER_CON_COUNT_ERROR: DatabaseUnavailable,
  ER_TOO_MANY_USER_CONNECTIONS: DatabaseUnavailable,
  ER_USER_LIMIT_REACHED: DatabaseUnavailable,
  ER_OUT_OF_RESOURCES: DatabaseUnavailable,
  ER_DISK_FULL: DatabaseUnavailable,
  ER_QUERY_INTERRUPTED: DatabaseUnavailable,
  ER_SERVER_SHUTDOWN: ConnectionLost,
  ER_CONNECTION_KILLED: ConnectionLost,
};

/** What the driver threw, as one of the kinds above where it is one. */
export function translate(error) {
  const Kind = kindOf(error);
  if (!Kind) return error;
  const translated = new Kind(error.message, { cause: error });
  translated.constraint = /for key '(?:[^']+\.)?([^'.]+)'$/.exec(error.message)?.[1];
  return translated;
}

function kindOf(error) {
  // MySQL gives every error of its own a state; without one, it is about the connection.
  if (error.sqlState) return BY_CODE[error.code];
  return /timeout|ETIMEDOUT/i.test(error.code) ? DatabaseUnavailable : ConnectionLost;
}
