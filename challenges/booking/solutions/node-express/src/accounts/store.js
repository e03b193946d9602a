const ACCOUNT = 'id, name, email, role';

/** What all spellings of one address have in common. */
const emailKey = (email) => email.trim().toLowerCase();

export async function findAccount(db, id) {
  const { rows } = await db.read(`SELECT ${ACCOUNT} FROM accounts WHERE id = $1`, [id]);
  return rows[0];
}

/** The account of an e-mail address, with its `password_hash`. */
export async function findAccountByEmail(db, email) {
  const { rows } = await db.read(`SELECT ${ACCOUNT}, password_hash FROM accounts WHERE email_key = $1`, [
    emailKey(email),
  ]);
  return rows[0];
}

/** Throws UniqueViolation when the address is taken. */
export async function createAccount(db, { name, email, passwordHash, role }) {
  const { rows } = await db.query(
    `INSERT INTO accounts (name, email, email_key, password_hash, role)
     VALUES ($1, $2, $3, $4, $5) RETURNING ${ACCOUNT}`,
    [name, email, emailKey(email), passwordHash, role],
  );
  return rows[0];
}

/** Change name and password hash, each only if it is given; undefined when the account is gone. */
export async function updateAccount(db, id, { name, passwordHash }) {
  const { rows } = await db.query(
    `UPDATE accounts SET name = COALESCE($2, name), password_hash = COALESCE($3, password_hash)
     WHERE id = $1 RETURNING ${ACCOUNT}`,
    [id, name ?? null, passwordHash ?? null],
  );
  return rows[0];
}
