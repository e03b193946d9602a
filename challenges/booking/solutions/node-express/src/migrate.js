import { required } from './config.js';
import { connect, migrate } from './db/migrations.js';
import { waitForDatabase } from './db/wait.js';

const url = required(process.env, 'DATABASE_URL', 'e.g. postgresql://user:password@localhost/booking');
const client = await waitForDatabase(() => connect(url));
try {
  for (const name of await migrate(client)) console.log(`applied ${name}`);
} finally {
  await client.end();
}
