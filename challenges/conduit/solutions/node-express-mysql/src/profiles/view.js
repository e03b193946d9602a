/** A person as others see them, from a row with username, bio, image and following. */
export function profileView({ username, bio, image, following }) {
  return { username, bio, image, following: Boolean(following) };
}
