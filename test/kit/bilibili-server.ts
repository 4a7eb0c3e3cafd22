import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync } from 'node:zlib';
import type { Test } from 'tap';
import { SocketServer } from './socket-server.js';

const HEADER = 16;

/** A packet of the live comments' format, made here on its own so that the reader is tested against the format. */
export function packet(operation: number, version: number, body: Buffer): Buffer {
  const head = Buffer.alloc(HEADER);
  head.writeInt32BE(HEADER + body.length, 0);
  head.writeInt16BE(HEADER, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(operation, 8);
  head.writeInt32BE(1, 12);
  return Buffer.concat([head, body]);
}

export const messagePacket = (value: unknown): Buffer => packet(5, 0, Buffer.from(JSON.stringify(value)));
export const brotliPacket = (...packets: Buffer[]): Buffer => packet(5, 3, brotliCompressSync(Buffer.concat(packets)));
export const zlibPacket = (...packets: Buffer[]): Buffer => packet(5, 2, deflateSync(Buffer.concat(packets)));

/** Bilibili's two servers: the address that names servers and a key, and the comments' WebSocket. */
export class BilibiliServer {
  readonly joins: Record<string, unknown>[] = [];
  readonly cookies: (string | undefined)[] = [];
  heartbeats = 0;
  /** Answered instead of the servers. */
  infoCode = 0;
  /** Answered to the join. */
  joinCode = 0;
  infoUrl = '';

  private constructor(readonly sockets: { server?: SocketServer }) {}

  static async start(t: Test): Promise<BilibiliServer> {
    const own = new BilibiliServer({});
    const server = await SocketServer.start(t, (socket) => {
      socket.on('message', (data: Buffer) => {
        const operation = data.readInt32BE(8);
        if (operation === 7) {
          own.joins.push(JSON.parse(data.subarray(HEADER).toString()) as Record<string, unknown>);
          socket.send(packet(8, 1, Buffer.from(JSON.stringify({ code: own.joinCode }))));
        } else if (operation === 2) {
          own.heartbeats += 1;
          const popularity = Buffer.alloc(4);
          popularity.writeInt32BE(1234, 0);
          socket.send(packet(3, 1, popularity));
        }
      });
    });
    own.sockets.server = server;
    const info = createServer((request, response) => {
      own.cookies.push(request.headers.cookie);
      response.setHeader('content-type', 'application/json');
      const data = {
        token: 'room-key',
        host_list: [{ host: '127.0.0.1', port: 2243, wss_port: 0, ws_port: server.port }],
      };
      response.end(
        JSON.stringify(own.infoCode === 0 ? { code: 0, message: '0', data } : { code: own.infoCode, message: 'no' }),
      );
    });
    await new Promise<void>((resolve) => info.listen(0, '127.0.0.1', resolve));
    t.teardown(() => void info.close());
    own.infoUrl = `http://127.0.0.1:${(info.address() as AddressInfo).port}/xlive/web-room/v1/index/getDanmuInfo`;
    return own;
  }

  get server(): SocketServer {
    return this.sockets.server!;
  }
}
