import { required } from './config.js';
import { connect, migrate } from './db/migrations.js';
import { waitForDatabase } from './db/wait.js';

const url = required(process.env, 'DATABASE_URL', 'the URL of the database, with user and password');
const client = await waitForDatabase(() => connect(url));
try {
  for (const name of await migrate(client)) console.log(`applied ${name}`);
} finally {
  await client.end();
}
