import { createSocket } from 'node:dgram';

const COOKIE = 0x2112_a442;
const HEADER_BYTES = 20;
const BINDING = 0x0001;
const XOR_MAPPED_ADDRESS = 0x0020;

export interface StunServer {
  readonly port: number;
  readonly requests: () => number;
  close(): Promise<void>;
}

/** A slow STUN server (RFC 8489) on loopback that reports a remote router's address to every client. */
export async function startStunServer(
  delayMs: number,
  mapped: readonly [number, number, number, number],
  port: number,
) {
  const socket = createSocket('udp4');
  let requests = 0;
  const timers = new Set<NodeJS.Timeout>();
  socket.on('message', (request, from) => {
    if (request.length < HEADER_BYTES || request.readUInt16BE(0) !== BINDING || request.readUInt32BE(4) !== COOKIE)
      return;
    requests += 1;
    const reply = Buffer.alloc(HEADER_BYTES + 12);
    reply.writeUInt16BE(BINDING | 0x0100, 0);
    reply.writeUInt16BE(12, 2);
    request.copy(reply, 4, 4, HEADER_BYTES);
    reply.writeUInt16BE(XOR_MAPPED_ADDRESS, 20);
    reply.writeUInt16BE(8, 22);
    reply[25] = 1;
    reply.writeUInt16BE(port ^ (COOKIE >>> 16), 26);
    reply.writeUInt32BE((Buffer.from(mapped).readUInt32BE() ^ COOKIE) >>> 0, 28);
    const timer = setTimeout(() => {
      timers.delete(timer);
      socket.send(reply, from.port, from.address);
    }, delayMs);
    timers.add(timer);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    requests: () => requests,
    close: () => {
      for (const timer of timers) clearTimeout(timer);
      return new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  } satisfies StunServer;
}
