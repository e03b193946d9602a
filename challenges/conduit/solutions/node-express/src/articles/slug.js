import { randomBytes } from 'node:crypto';

const LONGEST = 80;

// Titles that would hide one of our own addresses: /api/articles/feed.
const RESERVED = new Set(['feed']);

/** What of a title is safe in a URL: small ASCII letters, digits and hyphens; empty when nothing is. */
export function slugBase(title) {
  return title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-|-$/g, '');
}

/** A slug for a title: readable if possible, with a random end if that is not enough or `taken`. */
export function slugFor(title, taken) {
  const base = slugBase(title);
  if (base && !taken && !RESERVED.has(base)) return base;
  const suffix = randomBytes(5).toString('hex');
  return base ? `${base}-${suffix}` : suffix;
}
