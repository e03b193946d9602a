import { Problem, anyText, check, checkSent, lengthOf, orNull, section, text } from '../http/rules.js';

const username = text({ max: 64 });

/** Rule: an e-mail address, without the spaces around it and in small letters. */
function email(value) {
  const address = text({ max: 254 })(anyText(value).trim()).toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new Problem('is not an e-mail address');
  return address;
}

function password(value) {
  text({ max: 64 })(value);
  if (lengthOf(value) < 8) throw new Problem('is too short (at least 8 characters)');
  return value;
}

/** What a new account needs: username, email, password. */
export function newUser(body) {
  return check(section(body, 'user'), { username, email, password });
}

/** What a sign-in needs. Whether they are right is not asked here. */
export function credentials(body) {
  const fields = check(section(body, 'user'), { email: anyText, password: anyText });
  return { ...fields, email: fields.email.trim().toLowerCase() };
}

/** What may be changed in an account. */
export function userChanges(body) {
  const fields = section(body, 'user');
  return checkSent(fields, { username, email, password, bio: orNull(anyText), image: orNull(anyText) });
}
