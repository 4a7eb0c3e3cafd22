import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EngineError } from '../core/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Accepts WebSockets. */
    socket?: boolean;
  }
}

/** The subprotocol that the engine answers with; a browser must offer it beside the token. */
const SOCKET_PROTOCOL = 'showroom';
/** Subprotocol that carries the token, since a page cannot set headers of a WebSocket. */
const TOKEN_PROTOCOL = 'showroom.token.';
const MAX_MESSAGE_BYTES = 512 * 1024;

/** Serves WebSockets. Call it before the routes, after the access guard. */
export async function acceptSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    // A client that does not answer a close must not hold up the end.
    preClose(done) {
      for (const client of app.websocketServer.clients) client.terminate();
      app.websocketServer.close();
      done();
    },
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      // The token is never sent back.
      handleProtocols: (offered: Set<string>) => (offered.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    },
  });
  // A refused upgrade is no longer in the hands of the HTTP server: its connection would stay open.
  app.addHook('onResponse', async ({ headers, raw }) => {
    if (headers.upgrade !== undefined) raw.socket.destroySoon();
  });
  // Otherwise every route would open a WebSocket, to close it again.
  app.addHook('onRequest', async (request) => {
    if (!isSocket(request) || request.routeOptions.config?.socket === true) return;
    throw new EngineError('E_NOT_FOUND', {
      where: `WebSocket ${request.url.split('?')[0]}`,
      found: 'no WebSocket at this address',
      todo: 'docs/api.md lists all addresses',
    });
  });
}

export const isSocket = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/** The token among the offered subprotocols; percent-encoded, since a token may hold signs that a subprotocol cannot. */
export function tokenOffered({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  const plain = offered.find((one) => one.startsWith(TOKEN_PROTOCOL));
  if (plain === undefined) return undefined;
  try {
    return decodeURIComponent(plain.slice(TOKEN_PROTOCOL.length));
  } catch {
    return plain.slice(TOKEN_PROTOCOL.length);
  }
}
