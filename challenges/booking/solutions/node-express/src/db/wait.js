import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/** Resolve as soon as `attempt()` does; give up with its last error after 30 seconds. */
export async function waitForDatabase(attempt) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`The database did not answer for 30 seconds: ${error.message}`, { cause: error });
      }
      await sleep(PAUSE_MS);
    }
  }
}
