import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import { viewerEvent, type EventRecord, type EventsHandle } from '../config/api/events-handle.js';
import { isEngineError } from '../core/errors.js';
import { depthWithin } from './bodies.js';
import { parsed } from './api.js';

const MAX_EVENTS = 500;
const MAX_DEPTH = 8;
/** A client that reads more slowly than events come is cut off instead of filling the memory. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const PING_MS = 30_000;

const many = z.array(viewerEvent).min(1).max(MAX_EVENTS);

/**
 * The WebSocket side of `/api/events`. In: an event, or a list of events. Out: `{type: "taken", …}` for each message,
 * `{type: "event", event}` for every new and changed event of the room, `{type: "error", error}` for a message that is
 * no event.
 */
export function serveEvents(socket: WebSocket, events: EventsHandle): void {
  const send = (message: object): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(JSON.stringify(message));
  };
  const stop = events.listen((event: EventRecord) => send({ type: 'event', event }));
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  ping.unref();
  socket.on('pong', () => (isAlive = true));
  socket.on('message', (data, isBinary) =>
    send(isBinary ? noEvent('text', 'binary data') : taken(String(data), events)),
  );
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearInterval(ping);
    stop();
  });
}

function taken(text: string, events: EventsHandle): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return noEvent('JSON', 'text that is not JSON');
  }
  if (!depthWithin(value, MAX_DEPTH)) return noEvent(`JSON of at most ${MAX_DEPTH} levels`, 'deeper nesting');
  try {
    const where = 'WS /api/events';
    const list = Array.isArray(value) ? parsed(many, value, where) : [parsed(viewerEvent, value, where)];
    return { type: 'taken', ...events.take(list) };
  } catch (error) {
    if (!isEngineError(error)) throw error;
    const { code, where, expected, found } = error;
    return { type: 'error', error: { code, where, expected, found } };
  }
}

const noEvent = (expected: string, found: string): object => ({
  type: 'error',
  error: { code: 'E_BAD_REQUEST', where: 'WS /api/events', expected, found },
});
