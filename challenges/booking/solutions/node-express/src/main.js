import { once } from 'node:events';
import { createApp } from './app.js';
import { readConfig } from './config.js';
import { Database } from './db/database.js';
import { waitForDatabase } from './db/wait.js';
import { createServer } from './server.js';
import { kindStop } from './stop.js';

const config = readConfig();
const db = new Database(config.databaseUrl);
await waitForDatabase(() => db.query('SELECT 1'));

const server = createServer(createApp({ db, config }));
const stop = kindStop(server, db);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

server.listen(config.port, config.host);
await once(server, 'listening');
console.log(`Booking listens on port ${server.address().port}`);
