import http from 'node:http';

const OPTIONS = {
  maxHeaderSize: 64 * 1024,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // Longer than clients and load balancers usually keep an idle connection, so that they close first.
  keepAliveTimeout: 75_000,
  requireHostHeader: false,
};

const STATUS_OF_CODE = {
  HPE_INVALID_METHOD: 405,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** An HTTP server for `app` that answers in the contract's shape even to what is hardly HTTP. */
export function createServer(app) {
  const server = http.createServer(OPTIONS, app);
  for (const asked of ['checkContinue', 'checkExpectation']) {
    server.on(asked, (req, res) => server.emit('request', req, res));
  }
  server.on('connect', (req, socket) => refuse(socket, 405));
  server.on('clientError', (error, socket) => {
    if (socket.writable && !socket._httpMessage?.headersSent)
      refuse(socket, STATUS_OF_CODE[error.code] ?? 400);
    else socket.destroy();
  });
  return server;
}

// What the client still sends is read for a moment: closing at once would make its system throw
// our answer away before it is read.
function refuse(socket, status) {
  const reason = http.STATUS_CODES[status];
  const body = JSON.stringify({ errors: { request: [reason.toLowerCase()] } });
  socket.on('error', () => {});
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  socket.resume();
  setTimeout(() => socket.destroy(), 1_000).unref();
}
