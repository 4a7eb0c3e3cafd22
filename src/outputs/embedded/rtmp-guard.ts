/**
 * What an RTMP connection may say to node-media-server.
 *
 * Problem: the library broadcasts any media that any connection sends, with or without a publish command, and answers
 * a wrong signature by closing its own half of the connection only. Pictures of a stranger would reach players past
 * the gate, and its sequence headers would replace ours.
 * Rule: media, data and large messages are for the one connection that holds the stream's publishing place, which takes
 * the engine's signature. A connection plays once or publishes once. Anything else ends it at that message's header,
 * before its content is stored.
 * Numbers: a command is at most 16 kB, on at most 16 chunk streams; a publisher's message at most 8 MB.
 */
import type { Socket } from 'node:net';
import type { ConnectionBook } from './connection-book.js';

/** What is used of the library's session; `hold` checks that it is there. */
export interface RtmpSession {
  readonly socket: Socket;
  readonly broadcast: { readonly publisher: unknown };
  readonly rtmp: {
    flv: unknown;
    readonly inPackets: ReadonlyMap<number, unknown>;
    readonly parserPacket: { readonly header: { readonly length: number; readonly type: number } };
    onConnectCallback: (request: object) => void;
    onPlayCallback: () => void;
    onPushCallback: () => void;
    onPacketCallback: (packet: object) => void;
    packetAlloc: () => void;
  };
}

/** Ends the connection that caused it. */
export class Refused extends Error {}

/** Protocol control, user control and commands (AMF 3 and AMF 0): all that a player sends. */
const COMMAND_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 17, 20]);
const MAX_COMMAND_BYTES = 16 << 10;
const MAX_CHUNK_STREAMS = 16;
const MAX_MEDIA_BYTES = 8 << 20;
const HOOKS = ['onConnectCallback', 'onPlayCallback', 'onPushCallback', 'onPacketCallback', 'packetAlloc'] as const;

/** Lets a session do what the rule allows; what it does beyond that throws Refused out of its data listener. */
export function holdToRules(session: RtmpSession, book: ConnectionBook): void {
  const { rtmp, socket } = session;
  for (const hook of HOOKS) {
    if (typeof rtmp[hook] !== 'function') throw new Refused(`node-media-server without ${hook}: nobody may connect`);
  }
  // 1 MB that a session of RTMP never uses.
  rtmp.flv = undefined;
  const { onConnectCallback, onPlayCallback, onPushCallback, onPacketCallback } = rtmp;
  const allocate = rtmp.packetAlloc.bind(rtmp);
  let named = false;
  let publishes = false;
  const holdsPlace = (): boolean => publishes && session.broadcast.publisher === session;

  rtmp.packetAlloc = () => {
    const { type, length } = rtmp.parserPacket.header;
    if (!holdsPlace()) {
      if (!COMMAND_TYPES.has(type)) throw new Refused('media from a connection that is not the engine’s own');
      if (length > MAX_COMMAND_BYTES) throw new Refused(`a command of ${length} bytes`);
    }
    if (length > MAX_MEDIA_BYTES) throw new Refused(`a message of ${length} bytes`);
    if (rtmp.inPackets.size > MAX_CHUNK_STREAMS) throw new Refused('too many chunk streams');
    allocate();
  };
  rtmp.onConnectCallback = (request) => {
    if (named) throw new Refused('a second play or publish command on one connection');
    named = true;
    onConnectCallback(request);
    if (socket.writableEnded) throw new Refused('a stream name that is not one');
  };
  rtmp.onPlayCallback = () => {
    if (!book.play(socket)) throw new Refused('too many players');
    onPlayCallback();
  };
  rtmp.onPushCallback = () => {
    onPushCallback();
    publishes = session.broadcast.publisher === session;
    if (!publishes) throw new Refused('a publisher that is not the engine');
    book.publish(socket);
  };
  // A header in the middle of a message may change its type: asked once more where it would be broadcast.
  rtmp.onPacketCallback = (packet) => {
    if (!holdsPlace()) throw new Refused('media from a connection that is not the engine’s own');
    onPacketCallback(packet);
  };
}
