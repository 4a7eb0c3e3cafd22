import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- a body of JSON
  readonly body: any;
}

export interface LocalServer {
  readonly url: string;
  readonly calls: SeenCall[];
  close(): Promise<void>;
}

/** An HTTP server on loopback that keeps the calls it got. */
export async function localHttp(answer: (call: SeenCall, reply: ServerResponse) => void): Promise<LocalServer> {
  const calls: SeenCall[] = [];
  const server = createServer((request: IncomingMessage, reply) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const call: SeenCall = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers as Record<string, string | undefined>,
        body: text === '' ? undefined : JSON.parse(text),
      };
      calls.push(call);
      answer(call, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const json = (
  reply: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void => {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers });
  reply.end(JSON.stringify(body));
};

/** A tone of 60 ms for each letter, 16 bits; a pause at a space. */
export function toneFor(text: string, rateHz: number): Buffer {
  const per = Math.round(rateHz * 0.06);
  const bytes = Buffer.alloc(text.length * per * 2);
  for (let i = 0; i < text.length * per; i += 1) {
    const silent = text[Math.floor(i / per)] === ' ';
    bytes.writeInt16LE(silent ? 0 : Math.round(9000 * Math.sin((2 * Math.PI * 220 * i) / rateHz)), i * 2);
  }
  return bytes;
}

/** Time of a letter in `toneFor`. */
export const letterMs = (index: number): number => index * 60;

export function wavOf(pcm: Buffer, rateHz: number, channels = 1): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + pcm.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * 2 * channels, 28);
  head.writeUInt16LE(2 * channels, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([head, pcm]);
}
