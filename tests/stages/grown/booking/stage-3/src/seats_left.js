/** SQL: the seats of the sailing `s` that are free. */
export const SEATS_LEFT = 's.seats';
