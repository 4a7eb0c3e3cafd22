import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { ConnectionBook } from './connection-book.js';

const FLV_PATH = /^\/[\w-]+\/[\w-]+\.flv(\?|$)/;
const MAX_HEADER_BYTES = 8 << 10;
/** The book drops connections without a stream by then; these timeouts end half-sent requests. */
const REQUEST_MS = 10_000;
const CHECK_MS = 2000;

/**
 * HTTP-FLV for players: GET of a stream without a body, one request per connection, and the browsers' preflight.
 * Publishing over HTTP or WebSocket and the library's own pages are not served.
 */
export function flvListener(app: RequestListener, book: ConnectionBook): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: CHECK_MS,
  });
  // A second request would wait in memory behind an endless stream.
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => book.open(socket));
  server.on('request', (request, response) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      response.writeHead(refusal, { allow: 'GET', connection: 'close' }).end();
    } else if (request.method === 'GET' && !book.play(request.socket)) {
      response.writeHead(503, { 'retry-after': '10', connection: 'close' }).end();
    } else {
      app(request, response);
    }
  });
  return server;
}

function refusalOf({ method, url = '', headers }: IncomingMessage): number | undefined {
  if (method === 'OPTIONS') return undefined;
  if (method !== 'GET') return 405;
  if (!FLV_PATH.test(url)) return 404;
  const hasBody = (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
  return hasBody ? 400 : undefined;
}
