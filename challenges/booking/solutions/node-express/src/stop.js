import { setTimeout as sleep } from 'node:timers/promises';

const LAST_CALL_MS = 100;
const DEADLINE_MS = 9_000;

/**
 * Return a function that stops the server kindly: what has begun is finished and answered, every
 * answer asks its client not to come back on this connection, then the database is let go.
 */
export function kindStop(server, db) {
  const open = new Set();
  let stopping = false;

  server.prependListener('request', (req, res) => {
    open.add(res);
    res.on('close', () => open.delete(res));
    if (stopping) sendAway(res);
  });

  return async function stop() {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), DEADLINE_MS).unref();
    for (const res of open) sendAway(res);
    // A request that is on its way over an idle connection still gets its answer.
    await sleep(LAST_CALL_MS);
    await new Promise((resolve) => server.close(resolve));
    await db.end();
  };
}

function sendAway(res) {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
