import { tooLarge, unprocessable, unsupported } from './refusals.js';

const LARGEST = 1024 * 1024;
const DEEPEST = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Middleware: collect the bytes of the body into `req.bytes`.
 *
 * A body of more than 1 MiB is refused as soon as that is known, by its announced length or while
 * it comes in. What still comes after that is thrown away, so that the client can read the answer.
 */
export function collectBody(req, res, next) {
  const chunks = [];
  let size = 0;
  let holdsBack = /^100-continue$/i.test(req.headers.expect ?? '');
  if (Number(req.headers['content-length']) > LARGEST) {
    refuse();
  } else if (announcesBody(req.headers)) {
    if (holdsBack) res.writeContinue();
    holdsBack = false;
    req.on('data', keep).on('end', finish);
  } else {
    finish();
  }

  function keep(chunk) {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
    else refuse();
  }

  function refuse() {
    req.off('data', keep).off('end', finish).resume();
    // To close while the client is still sending would make its system drop our answer unread.
    if (!holdsBack) res.set('Connection', 'keep-alive');
    next(tooLarge());
  }

  function finish() {
    req.bytes = Buffer.concat(chunks);
    next();
  }
}

function announcesBody(headers) {
  return 'transfer-encoding' in headers || Number(headers['content-length']) > 0;
}

/** Middleware: read the collected bytes as JSON into `req.body`, or refuse them. */
export function parseJson(req, res, next) {
  refuseOtherFormats(req.headers);
  req.body = parse(decode(req.bytes));
  if (isDeeper(req.body, DEEPEST)) throw unprocessable({ body: ['is nested too deeply'] });
  next();
}

function refuseOtherFormats(headers) {
  const [type, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (!/^(application\/([\w.-]+\+)?json)?$/.test(type.trim())) throw unsupported('must be JSON');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  if (charset && !/^charset="?utf-?8"?$/.test(charset)) throw unsupported('must be in UTF-8');
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding !== 'identity') throw unsupported('must not be compressed');
}

function decode(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unprocessable({ body: ['is not valid UTF-8'] });
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw unprocessable({ body: ['is not valid JSON'] });
  }
}

function isDeeper(value, limit) {
  let level = [value];
  for (let depth = 0; depth <= limit && level.length > 0; depth += 1) level = level.flatMap(children);
  return level.length > 0;
}

function children(value) {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}
