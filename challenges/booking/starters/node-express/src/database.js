import pg from 'pg';

/** The connections to PostgreSQL, shared by all requests. */
export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

// A connection that breaks while nobody uses it is replaced; it must not end the server.
pool.on('error', (error) => console.error('lost a connection to the database:', error.message));
