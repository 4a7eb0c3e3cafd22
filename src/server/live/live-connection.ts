import type { WebSocket } from '@fastify/websocket';
import { z } from 'zod';
import type { LiveJournal, LiveMessage, NumberedMessage } from './live-journal.js';

const roomIds = z.union([z.literal('*'), z.array(z.string().max(64)).max(200)]);
const incoming = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('watch'),
    /** Rooms whose state is wanted. */
    rooms: roomIds.default('*'),
    /** Rooms of which everything is wanted. */
    detail: z.array(z.string().max(64)).max(20).default([]),
    resume: z.strictObject({ epoch: z.string().max(40), seq: z.int().min(0) }).optional(),
  }),
  z.strictObject({
    type: z.literal('at'),
    room: z.string().max(64).nullable().default(null),
    page: z.string().max(40),
    item: z.string().max(200).nullable().default(null),
  }),
  z.strictObject({ type: z.literal('pong') }),
]);
type Incoming = z.infer<typeof incoming>;

/** What a page looks at, for the people beside it. */
export type Presence = Omit<Extract<Incoming, { type: 'at' }>, 'type'>;

export interface Watched {
  readonly rooms: '*' | ReadonlySet<string>;
  readonly detail: ReadonlySet<string>;
}

export interface LiveConnectionOptions {
  readonly socket: WebSocket;
  readonly journal: LiveJournal;
  /** Whether this page may have the message at all. */
  readonly mayHave: (message: LiveMessage) => boolean;
  /** The state as a whole, for a page that has none or has missed something. */
  readonly snapshots: (watched: Watched) => readonly LiveMessage[];
  /** False where messages of a watched room were not kept meanwhile. */
  readonly canResume?: (watched: Watched, seq: number) => boolean;
  readonly onWatch?: (watched: Watched) => void;
  readonly onPresence?: (presence: Presence) => void;
  readonly onEnd?: () => void;
}

/** Messages that a page gets of the rooms it only lists. */
const SUMMARY: ReadonlySet<string> = new Set([
  'process',
  'alarm',
  'summary',
  'snapshot',
  'status',
  'file',
  'schedules',
  'job',
]);
/** A client that reads more slowly than messages come is cut off; it comes back and resumes. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const PING_MS = 10_000;

/** One page's live connection: filters the journal by what the page watches, and takes up where it was cut off. */
export function serveLive(options: LiveConnectionOptions): void {
  const { socket, journal, mayHave, snapshots, canResume, onWatch, onPresence, onEnd } = options;
  let watched: Watched | undefined;
  let stop = (): void => undefined;
  const send = (text: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(text);
  };
  const isWanted = ({ message }: NumberedMessage): boolean => {
    if (watched === undefined || !mayHave(message)) return false;
    const { room, type } = message;
    if (room === undefined || watched.detail.has(room)) return true;
    return SUMMARY.has(type) && (watched.rooms === '*' || watched.rooms.has(room));
  };
  const watch = ({ rooms, detail, resume }: Extract<Incoming, { type: 'watch' }>): void => {
    stop();
    const before = watched;
    watched = { rooms: rooms === '*' ? rooms : new Set(rooms), detail: new Set(detail) };
    onWatch?.(watched);
    const missed =
      resume === undefined || canResume?.(watched, resume.seq) === false
        ? undefined
        : journal.since(resume.epoch, resume.seq);
    send(JSON.stringify({ type: 'hello', epoch: journal.epoch, seq: journal.seq, resumed: missed !== undefined }));
    if (missed !== undefined) for (const one of missed) if (isWanted(one)) send(one.text);
    if (missed === undefined || before !== undefined) {
      for (const message of snapshots(watched)) {
        const { type, room, data } = message;
        if (mayHave(message)) send(JSON.stringify({ seq: journal.seq, at: Date.now(), type, room, data }));
      }
    }
    stop = journal.listen((one) => {
      if (isWanted(one)) send(one.text);
    });
  };
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
    send('{"type":"ping"}');
  }, PING_MS);
  ping.unref();
  socket.on('pong', () => (isAlive = true));
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? undefined : parse(String(data));
    if (message === undefined)
      send(
        JSON.stringify({
          type: 'error',
          error: {
            code: 'E_BAD_REQUEST',
            where: 'WS /api/live',
            expected: 'watch or at',
            found: 'a message of another kind',
          },
        }),
      );
    else if (message.type === 'watch') watch(message);
    else if (message.type === 'at') {
      const { type: _type, ...presence } = message;
      onPresence?.(presence);
    }
  });
  socket.on('error', () => socket.terminate());
  socket.once('close', () => {
    clearInterval(ping);
    stop();
    onEnd?.();
  });
}

function parse(text: string): Incoming | undefined {
  try {
    return incoming.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
