/**
 * Restricts RTMP connections to node-media-server.
 *
 * Problem: the library broadcasts media from any connection, with or without a publish command, and answers a wrong
 * signature only by closing its own half of the connection. A stranger's pictures would reach players without passing
 * the gate, and its sequence headers would replace the engine's.
 * Rule: only the connection that holds the stream's publishing place, which needs the engine's signature, may send
 * media, data and large messages. The avatar's place has rules of its own, see `avatar-publisher.ts`. A connection plays once or publishes once. Anything else ends the connection at that
 * message's header, before its content is stored.
 * Numbers: a command is at most 16 kB, on at most 16 chunk streams; a publisher's message is at most 8 MB.
 */
import type { Socket } from 'node:net';
import { AVATAR_APP, type AvatarPublisher, type RtmpPacket } from './avatar-publisher.js';
import type { ConnectionBook } from './connection-book.js';

/** The parts of the library's session used here; `hold` checks that they exist. */
export interface RtmpSession {
  readonly socket: Socket;
  readonly broadcast: { readonly publisher: unknown };
  readonly rtmp: {
    flv: unknown;
    readonly inPackets: ReadonlyMap<number, unknown>;
    readonly parserPacket: { readonly header: { readonly length: number; readonly type: number } };
    onConnectCallback: (request: { readonly app: string; readonly name: string }) => void;
    onPlayCallback: () => void;
    onPushCallback: () => void;
    onPacketCallback: (packet: RtmpPacket) => void;
    packetAlloc: () => void;
  };
}

/** Ends the connection that caused it. */
class Refused extends Error {}

/** Protocol control, user control and commands (AMF 3 and AMF 0): everything a player sends. */
const COMMAND_TYPES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 17, 20]);
const MAX_COMMAND_BYTES = 16 << 10;
const MAX_CHUNK_STREAMS = 16;
const MAX_MEDIA_BYTES = 8 << 20;
const HOOKS = ['onConnectCallback', 'onPlayCallback', 'onPushCallback', 'onPacketCallback', 'packetAlloc'] as const;

/** Installs the guard on a session; violations throw Refused from its data listener. */
export function holdToRules(session: RtmpSession, book: ConnectionBook, avatar: AvatarPublisher): void {
  const { rtmp, socket } = session;
  for (const hook of HOOKS) {
    if (typeof rtmp[hook] !== 'function')
      throw new Refused(`node-media-server has no ${hook}; refusing the connection`);
  }
  // 1 MB that an RTMP session never uses.
  rtmp.flv = undefined;
  const { onConnectCallback, onPlayCallback, onPushCallback, onPacketCallback } = rtmp;
  const allocate = rtmp.packetAlloc.bind(rtmp);
  let named = false;
  let publishes = false;
  /** The connection asked for the avatar's place; the library never hears of it. */
  let isAvatar = false;
  const holdsPlace = (): boolean =>
    isAvatar ? avatar.holds(socket) : publishes && session.broadcast.publisher === session;

  rtmp.packetAlloc = () => {
    const { type, length } = rtmp.parserPacket.header;
    if (!holdsPlace()) {
      if (!COMMAND_TYPES.has(type)) throw new Refused('media from a connection other than the engine’s publisher');
      if (length > MAX_COMMAND_BYTES) throw new Refused(`a command of ${length} bytes`);
    }
    if (length > MAX_MEDIA_BYTES) throw new Refused(`a message of ${length} bytes`);
    if (rtmp.inPackets.size > MAX_CHUNK_STREAMS) throw new Refused('too many chunk streams');
    allocate();
  };
  rtmp.onConnectCallback = (request) => {
    if (named) throw new Refused('a second play or publish command on one connection');
    named = true;
    if (request.app === AVATAR_APP) {
      isAvatar = true;
      if (!avatar.isKey(request.name)) throw new Refused('an avatar without the room’s key');
      return;
    }
    onConnectCallback(request);
    if (socket.writableEnded) throw new Refused('an invalid stream name');
  };
  rtmp.onPlayCallback = () => {
    if (isAvatar) throw new Refused('a player of the avatar’s video');
    if (!book.play(socket)) throw new Refused('too many players');
    onPlayCallback();
  };
  rtmp.onPushCallback = () => {
    if (isAvatar) {
      avatar.begin(socket);
      book.publish(socket);
      return;
    }
    onPushCallback();
    publishes = session.broadcast.publisher === session;
    if (!publishes) throw new Refused('a publisher without the engine’s key');
    book.publish(socket);
  };
  // A header inside a message may change its type, so this is checked again before the broadcast.
  rtmp.onPacketCallback = (packet) => {
    if (!holdsPlace()) throw new Refused('media from a connection other than the engine’s publisher');
    if (isAvatar) avatar.take(packet);
    else onPacketCallback(packet);
  };
}
