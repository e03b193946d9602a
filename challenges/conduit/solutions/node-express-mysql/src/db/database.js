import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { ConnectionLost, DatabaseUnavailable, TransactionConflict, translate } from './errors.js';

const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 20;

// For a free connection: a burst may wait in line, but nobody waits for ever.
const WAIT_MS = 8_000;
// The lock wait time-out of the sessions is shorter, so that MySQL gives up first; if it cannot
// even say so, the connection is dead.
const STATEMENT_MS = 6_000;
const SETTING_MS = 2_000;

const OPTIONS = {
  connectionLimit: 10,
  connectTimeout: 5_000,
  idleTimeout: 30_000,
  enableKeepAlive: true,
  charset: 'utf8mb4_bin',
  // DATETIME has no time zone: here and in the sessions it is UTC.
  timezone: 'Z',
};

// READ COMMITTED: a statement that waited for a lock sees what the one before has stored, and
// gaps between rows are not locked.
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5",
];

/**
 * The way to MySQL: a pool of connections that heals by itself.
 *
 * A connection on which anything but a plain refusal happened is closed, never used again, so
 * that a restart of the database leaves no dead one behind.
 */
export class Database {
  #pool;
  #prepared = new WeakSet();

  constructor(uri) {
    this.#pool = mysql.createPool({ uri, ...OPTIONS });
  }

  /** Run one statement, which is a transaction of its own. */
  query(text, values) {
    return repeatAfter(TransactionConflict, ATTEMPTS, () =>
      this.#withConnection((connection) => run(connection, text, values)),
    );
  }

  /** Run one statement that changes nothing; if its connection broke, once more on another one. */
  read(text, values) {
    return repeatAfter(ConnectionLost, 2, () =>
      this.#withConnection((connection) => run(connection, text, values)),
    );
  }

  /**
   * Run `work(tx)` in one transaction: all of it is stored, or nothing. When the database gives it
   * up for another transaction (deadlock), it is run again.
   */
  transaction(work) {
    return repeatAfter(TransactionConflict, ATTEMPTS, () =>
      this.#withConnection((connection) => inTransaction(connection, work)),
    );
  }

  /** Close every connection, once what runs on it is done. */
  end() {
    return this.#pool.end();
  }

  async #withConnection(work) {
    const connection = await this.#connect();
    let broken = true;
    try {
      const result = await work(connection);
      broken = false;
      return result;
    } catch (error) {
      broken = error instanceof DatabaseUnavailable;
      throw error;
    } finally {
      if (broken) connection.destroy();
      else connection.release();
    }
  }

  async #connect() {
    const waiting = this.#preparedConnection();
    const late = new AbortController();
    try {
      return await Promise.race([waiting, rejectAfter(WAIT_MS, late.signal)]);
    } catch (error) {
      // It may still come: then nobody needs it.
      waiting.then((connection) => connection.release(), ignore);
      throw translate(error);
    } finally {
      late.abort();
    }
  }

  async #preparedConnection() {
    const connection = await this.#pool.getConnection();
    // The pool wraps the same connection anew each time.
    if (this.#prepared.has(connection.connection)) return connection;
    try {
      for (const sql of SESSION) await connection.query({ sql, timeout: SETTING_MS });
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#prepared.add(connection.connection);
    return connection;
  }
}

async function inTransaction(connection, work) {
  await run(connection, 'START TRANSACTION');
  try {
    const query = (text, values) => run(connection, text, values);
    const result = await work({ query, read: query });
    await run(connection, 'COMMIT');
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) await run(connection, 'ROLLBACK');
    throw error;
  }
}

/** Rows of a SELECT; of anything else `affectedRows` (those that matched) and `insertId`. */
async function run(connection, sql, values) {
  try {
    const [result] = await connection.query({ sql, values, timeout: STATEMENT_MS });
    return result;
  } catch (error) {
    throw translate(error);
  }
}

async function repeatAfter(Kind, attempts, work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Kind) || attempt === attempts) throw error;
    }
    // Those who were in each other's way do not come back at the same moment.
    if (attempt > 1) await sleep(Math.random() * LONGEST_PAUSE_MS);
  }
}

async function rejectAfter(milliseconds, signal) {
  await sleep(milliseconds, undefined, { signal }).catch(ignore);
  throw new DatabaseUnavailable('No connection was free in time.');
}

function ignore() {}
