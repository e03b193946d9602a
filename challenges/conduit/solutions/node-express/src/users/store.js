const ACCOUNT = 'id, username, email, bio, image, token_version';

export async function findUser(db, id) {
  const { rows } = await db.read(`SELECT ${ACCOUNT} FROM users WHERE id = $1`, [id]);
  return rows[0];
}

/** The account of an e-mail address, with its `password_hash`. */
export async function findUserByEmail(db, email) {
  const { rows } = await db.read(
    `SELECT ${ACCOUNT}, password_hash FROM users WHERE lower(email) = lower($1)`,
    [email],
  );
  return rows[0];
}

/** Throws UniqueViolation when the name or the address is taken. */
export async function createUser(db, { username, email, passwordHash }) {
  const { rows } = await db.query(
    `INSERT INTO users (username, email, password_hash) VALUES ($1, $2, $3) RETURNING ${ACCOUNT}`,
    [username, email, passwordHash],
  );
  return rows[0];
}

const COLUMNS = {
  username: 'username',
  email: 'email',
  passwordHash: 'password_hash',
  bio: 'bio',
  image: 'image',
};

/** Change the given fields and no others; undefined when the account is gone. Throws UniqueViolation. */
export async function updateUser(db, id, changes) {
  const fields = Object.keys(COLUMNS).filter((field) => changes[field] !== undefined);
  if (fields.length === 0) return findUser(db, id);
  const assignments = fields.map((field, index) => `${COLUMNS[field]} = $${index + 2}`);
  // No token from before a new password is good any longer (S10).
  if (changes.passwordHash !== undefined) assignments.push('token_version = token_version + 1');
  const { rows } = await db.query(
    `UPDATE users SET ${assignments.join(', ')} WHERE id = $1 RETURNING ${ACCOUNT}`,
    [id, ...fields.map((field) => changes[field])],
  );
  return rows[0];
}
