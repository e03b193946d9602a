import { accounts } from './accounts.js';
import { reservations } from './reservations.js';
import { sailings } from './sailings.js';

export const routes = [accounts, sailings, reservations];
