import { accounts } from './accounts.js';
import { sailings } from './sailings.js';

export const routes = [accounts, sailings];
