/** What the server needs to know, from the environment (twelve-factor). Throws when something is missing. */
export function readConfig(env = process.env) {
  return {
    host: env.HOST || undefined,
    port: Number(env.PORT || 3000),
    databaseUrl: required(env, 'DATABASE_URL', 'the URL of the database, with user and password'),
    jwtSecret: required(env, 'JWT_SECRET', 'a long random text, the same for every copy of the server'),
  };
}

export function required(env, name, example) {
  if (!env[name]) throw new Error(`${name} is not set: give ${example}.`);
  return env[name];
}
