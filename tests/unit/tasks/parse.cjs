// Reads a list of JavaScript modules as JSON from standard input; writes the list of their ESTree
// trees, or of the errors that make them no modules. Run with --expose-internals: the parser is the
// one that Node has for itself.
const { parse } = require('internal/deps/acorn/acorn/dist/acorn');
const { readFileSync } = require('node:fs');

const parsed = (source) => {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  } catch (error) {
    return { error: String(error) };
  }
};

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(parsed)));
