/** SQL: the seats of the sailing `s` that are free. */
export const SEATS_LEFT = `s.seats - COALESCE((
  SELECT sum(seats) FROM reservations r
  WHERE r.sailing_id = s.id AND r.expires_at > statement_timestamp()), 0)`;
