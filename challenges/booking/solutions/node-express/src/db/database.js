import pg from 'pg';
import { ConnectionLost, DatabaseUnavailable, TransactionConflict, translate } from './errors.js';

// Ids and counts stay far below 2^53, so a plain number holds them.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

const ATTEMPTS = 5;

const LIMITS = {
  max: 10,
  // For a free connection: a burst may wait in line, but nobody waits for ever.
  connectionTimeoutMillis: 8_000,
  idleTimeoutMillis: 30_000,
  // PostgreSQL gives up first; if it cannot even say so, the connection is dead and we do.
  statement_timeout: 4_000,
  query_timeout: 4_500,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
};

/**
 * The way to PostgreSQL: a pool of connections that heals by itself.
 *
 * A connection on which anything but a plain refusal happened is closed, never used again, so
 * that a restart of the database leaves no dead one behind.
 */
export class Database {
  #pool;

  constructor(connectionString) {
    this.#pool = new pg.Pool({ connectionString, application_name: 'booking', ...LIMITS });
    // Without a listener, a connection that breaks would end the process.
    this.#pool.on('error', ignore);
    this.#pool.on('connect', (client) => client.on('error', ignore));
  }

  /** Run one statement, which is a transaction of its own. */
  query(text, values) {
    return repeatAfter(TransactionConflict, ATTEMPTS, () =>
      this.#withClient((client) => run(client, text, values)),
    );
  }

  /** Run one statement that changes nothing; if its connection broke, once more on another one. */
  read(text, values) {
    return repeatAfter(ConnectionLost, 2, () => this.#withClient((client) => run(client, text, values)));
  }

  /**
   * Run `work(tx)` in one transaction: all of it is stored, or nothing. When the database gives it
   * up for another transaction (deadlock, serialisation), it is run again.
   */
  transaction(work) {
    return repeatAfter(TransactionConflict, ATTEMPTS, () =>
      this.#withClient((client) => inTransaction(client, work)),
    );
  }

  /** Close every connection, once what runs on it is done. */
  end() {
    return this.#pool.end();
  }

  async #withClient(work) {
    const client = await this.#connect();
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      broken = error instanceof DatabaseUnavailable;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #connect() {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw translate(error);
    }
  }
}

async function inTransaction(client, work) {
  await run(client, 'BEGIN');
  try {
    const query = (text, values) => run(client, text, values);
    const result = await work({ query, read: query });
    await run(client, 'COMMIT');
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) await run(client, 'ROLLBACK');
    throw error;
  }
}

async function run(client, text, values) {
  try {
    return await client.query(text, values);
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
  }
}

function ignore() {}
