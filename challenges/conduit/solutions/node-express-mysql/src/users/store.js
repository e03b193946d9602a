const ACCOUNT = 'id, username, email, bio, image, token_version';

export async function findUser(db, id) {
  const [user] = await db.read(`SELECT ${ACCOUNT} FROM users WHERE id = ?`, [id]);
  return user;
}

/** The account of an e-mail address in small letters, with its `password_hash`. */
export async function findUserByEmail(db, email) {
  const [user] = await db.read(`SELECT ${ACCOUNT}, password_hash FROM users WHERE email = ?`, [email]);
  return user;
}

/** Throws UniqueViolation when the name or the address is taken. */
export async function createUser(db, { username, email, passwordHash }) {
  const { insertId } = await db.query(
    'INSERT INTO users (username, email, password_hash) VALUES (?, ?, ?)',
    [username, email, passwordHash],
  );
  return { id: insertId, username, email, bio: null, image: null, token_version: 1 };
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
  const assignments = fields.map((field) => `${COLUMNS[field]} = ?`);
  // No token from before a new password is good any longer (S10).
  if (changes.passwordHash !== undefined) assignments.push('token_version = token_version + 1');
  return db.transaction(async (tx) => {
    await tx.query(`UPDATE users SET ${assignments.join(', ')} WHERE id = ?`, [
      ...fields.map((field) => changes[field]),
      id,
    ]);
    return findUser(tx, id);
  });
}
