import { Problem, check, checkSent, section, text } from '../http/rules.js';

const tag = text({ max: 64 });

/** Rule: a list of tags; one that comes twice counts once, at its first place. */
function tagList(value) {
  if (!Array.isArray(value)) throw new Problem('must be a list');
  return [...new Set(value.map(tag))];
}

const REQUIRED = { title: text({ max: 255 }), description: text(), body: text() };

/** What a new article needs: title, description, body; and its tags, which may be left out. */
export function newArticle(body) {
  const fields = section(body, 'article');
  return { ...check(fields, REQUIRED), tagList: [], ...checkSent(fields, { tagList }) };
}

/** What may be changed in an article. */
export function articleChanges(body) {
  return checkSent(section(body, 'article'), { ...REQUIRED, tagList });
}
