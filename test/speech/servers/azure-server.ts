import { letterMs, toneFor } from './local-http.js';
import { localSocket, type SocketRefusal, type SocketServer } from './local-socket.js';

export interface AzureServerOptions {
  readonly key: string;
  readonly limit?: SocketRefusal;
  /** Ends the connection with this code instead of answering, as for bad SSML. */
  readonly closes?: { readonly code: number; readonly reason: string };
}

const TICKS_PER_MS = 10_000;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Azure's speech WebSocket: three messages of the client in order, then metadata and sound in turns. */
export function azureServer(
  { key, limit, closes }: AzureServerOptions,
  seen: { path: string; body: string }[] = [],
): Promise<SocketServer> {
  return localSocket(
    (socket) => {
      socket.on('message', (data) => {
        const text = String(data);
        const end = text.indexOf('\r\n\r\n');
        const head = Object.fromEntries(
          text
            .slice(0, end)
            .split('\r\n')
            .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
        ) as Record<string, string>;
        const body = text.slice(end + 4);
        seen.push({ path: head['path'] ?? '', body });
        if (head['path'] !== 'ssml') return;
        if (seen.map(({ path }) => path).join() !== 'speech.config,synthesis.context,ssml') {
          socket.close(1007, 'out of order');
          return;
        }
        if (closes !== undefined) {
          socket.close(closes.code, closes.reason);
          return;
        }
        const id = head['x-requestid']!;
        const say = (path: string, content: object): void =>
          socket.send(
            `X-RequestId:${id}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${JSON.stringify(content)}`,
          );
        const spoken = (/<prosody[^>]*>([^<]*)<\/prosody>/.exec(body)?.[1] ?? '').replace(
          /&(\w+);/g,
          (_, name: string) => ENTITIES[name] ?? '',
        );
        say('turn.start', { context: { serviceTag: 'x' } });
        say('response', { context: { serviceTag: 'x' }, audio: { type: 'inline', streamId: '1' } });
        for (const m of spoken.matchAll(/[^\s.,!&]+/g)) {
          const offset = letterMs(m.index) * TICKS_PER_MS;
          const boundary = { Offset: offset, Duration: letterMs(m[0].length) * TICKS_PER_MS };
          const word = { Text: m[0], Length: m[0].length, BoundaryType: 'WordBoundary' };
          say('audio.metadata', { Metadata: [{ Type: 'WordBoundary', Data: { ...boundary, text: word } }] });
          const visemes = [21, 2].map((viseme, i) => ({
            Type: 'Viseme',
            Data: { Offset: offset + letterMs(i) * TICKS_PER_MS, VisemeId: viseme, IsLastAnimation: false },
          }));
          say('audio.metadata', { Metadata: visemes });
        }
        const pcm = toneFor(spoken, 24_000);
        const audioHead = Buffer.from(
          `X-RequestId:${id}\r\nContent-Type:audio/x-wav\r\nX-StreamId:1\r\nPath:audio\r\n`,
        );
        const length = Buffer.alloc(2);
        length.writeUInt16BE(audioHead.length);
        for (let at = 0; at <= pcm.length; at += 5000)
          socket.send(Buffer.concat([length, audioHead, pcm.subarray(at, at + 5000)]), { binary: true });
        say('audio.metadata', {
          Metadata: [{ Type: 'SessionEnd', Data: { Offset: letterMs(spoken.length) * TICKS_PER_MS } }],
        });
        say('turn.end', {});
      });
    },
    (headers) => {
      if (limit !== undefined) return limit;
      return headers['ocp-apim-subscription-key'] === key ? undefined : { status: 401, body: '' };
    },
  );
}
