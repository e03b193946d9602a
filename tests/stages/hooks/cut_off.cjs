// Node.js: answer 404 or 405 to the operations in $CUT_OFF, in any server of node:http.
const http = require('node:http');

const cutOff = JSON.parse(process.env.CUT_OFF).map(([method, path]) => [method, new RegExp(`^${path}$`)]);
const known = JSON.parse(process.env.CUT_OFF_KNOWN).map((path) => new RegExp(`^${path}$`));
const createServer = http.createServer;

http.createServer = (options, listener) =>
  createServer(options, (req, res) => {
    const path = decoded(req.url.split('?')[0]);
    const method = req.method === 'HEAD' ? 'GET' : req.method;
    if (!cutOff.some(([each, pattern]) => each === method && pattern.test(path))) return listener(req, res);
    const body = '{"errors": {"path": ["not found"]}}';
    const status = known.some((pattern) => pattern.test(path)) ? 405 : 404;
    res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
    res.end(body);
  });

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
