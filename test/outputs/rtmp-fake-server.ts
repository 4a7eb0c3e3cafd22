import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { decodeAmf0, encodeAmf0 } from '../../src/outputs/rtmp/amf0.js';
import { ChunkReader, ChunkWriter } from '../../src/outputs/rtmp/chunks.js';

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export type Manner = 'accept' | 'refuse' | 'acknowledge';

export interface FakeServer {
  readonly port: number;
  videoMessages(): number;
  /** Times of the pictures, in ms. */
  videoTimes(): number[];
  commands(): string[];
  /** Stops reading without closing. */
  stall(): void;
  close(): Promise<void>;
}

/** A peer that speaks just enough RTMP to accept or refuse, and can be made to stall. */
export async function fakeServer(
  port = 0,
  manner: Manner = 'accept',
  tls?: { key: string; cert: string },
): Promise<FakeServer> {
  let videos = 0;
  const times: number[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const writer = new ChunkWriter();
    let head: Buffer | undefined = Buffer.alloc(0);
    let greeted = false;
    let received = 0;
    const say = (...values: Parameters<typeof encodeAmf0>): void => {
      socket.write(writer.message(3, 20, 0, 0, encodeAmf0(...values)));
    };
    const reader = new ChunkReader(({ type, payload, timestampField }) => {
      if (type === 1) reader.chunkSize = payload.readUInt32BE(0);
      if (type === 9) videos += 1;
      if (type === 9 && payload[1] === 1) times.push(timestampField);
      if (type !== 20) return;
      const [name, transaction, , stream] = decodeAmf0(payload);
      commands.push(String(name));
      if (name === 'connect') say('_result', transaction, {}, { code: 'NetConnection.Connect.Success' });
      else if (name === 'createStream') say('_result', transaction, null, 1);
      else if (name === 'publish' && manner === 'refuse') {
        const description = `stream ${String(stream)} is taken`;
        say('onStatus', 0, null, { level: 'error', code: 'NetStream.Publish.BadName', description });
      } else if (name === 'publish') say('onStatus', 0, null, { level: 'status', code: 'NetStream.Publish.Start' });
    });
    socket.on('data', (data: Buffer) => {
      received += data.length;
      if (manner === 'acknowledge' && greeted) {
        const ack = Buffer.alloc(4);
        ack.writeUInt32BE(received);
        socket.write(writer.message(2, 3, 0, 0, ack));
      }
      if (head === undefined) {
        reader.push(data);
        return;
      }
      head = Buffer.concat([head, data]);
      if (!greeted && head.length >= 1537) {
        greeted = true;
        socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), head.subarray(1, 1537)]));
      }
      if (head.length >= 1537 + 1536) {
        const rest = head.subarray(1537 + 1536);
        head = undefined;
        if (rest.length > 0) reader.push(rest);
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    videoMessages: () => videos,
    videoTimes: () => times,
    commands: () => commands,
    stall: () => sockets.forEach((socket) => socket.pause()),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
