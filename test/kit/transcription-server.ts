import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { readWav } from '../../src/audio/load-music.js';

/** One request of a client, as the server understood it. */
export interface TranscriptionRequest {
  readonly authorization: string | undefined;
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** The sound: mono samples and their rate. */
  readonly pcm: Float32Array;
  readonly rateHz: number;
}

/** What the server hears, with times in seconds. */
export interface Heard {
  readonly text: string;
  readonly words?: readonly { readonly word: string; readonly start: number; readonly end: number }[];
  readonly segments?: readonly { readonly text: string; readonly start: number; readonly end: number }[];
}

export type Answer =
  | Heard
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** Sends the first bytes of a good answer and closes the connection. */
  | 'cut'
  | 'never';

/**
 * A server on loopback with OpenAI's `POST /v1/audio/transcriptions`: multipart form with a WAV file, key as a bearer
 * token, `verbose_json`, and words only where `timestamp_granularities[]` asks for them. Refuses what the real one
 * refuses.
 */
export async function transcriptionServer(
  t: Test,
  answer: (request: TranscriptionRequest, number: number) => Answer | Promise<Answer>,
  key?: string,
) {
  const requests: TranscriptionRequest[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: String(error), type: 'invalid_request_error' } }));
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method !== 'POST' || request.url !== '/v1/audio/transcriptions') {
      response.writeHead(404).end('{"error":{"message":"no such address"}}');
      return;
    }
    const { authorization } = request.headers;
    if (key !== undefined && authorization !== `Bearer ${key}`) {
      const message = `Incorrect API key provided: ${authorization?.slice(7) ?? 'none'}`;
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
      return;
    }
    // The platform's own parser, as a real server would use one.
    const form = await new Response(Buffer.concat(parts), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const file = form.get('file');
    if (!(file instanceof Blob)) throw new Error('file is missing');
    const wav = readWav(Buffer.from(await file.arrayBuffer()), 'file');
    if (wav === undefined || wav.channels !== 1) throw new Error('expected a mono PCM file');
    const fields: Record<string, string[]> = {};
    for (const [name, value] of form) if (typeof value === 'string') (fields[name] ??= []).push(value);
    if (fields['model'] === undefined) throw new Error('model is missing');
    const granularities = fields['timestamp_granularities[]'] ?? [];
    if (granularities.length > 0 && fields['response_format']?.[0] !== 'verbose_json')
      throw new Error('timestamp_granularities need verbose_json');
    const asked = { authorization, fields, pcm: wav.pcm, rateHz: wav.sampleRateHz };
    requests.push(asked);
    const given = await answer(asked, requests.length);
    if (given === 'never') return;
    if (given !== 'cut' && 'status' in given) {
      response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
      response.end(given.body ?? '{"error":{"message":"not now"}}');
      return;
    }
    const heard: Heard = given === 'cut' ? { text: 'half of an ans' } : given;
    const body = JSON.stringify({
      task: 'transcribe',
      language: 'english',
      duration: wav.pcm.length / wav.sampleRateHz,
      text: heard.text,
      ...(granularities.includes('word') && heard.words !== undefined ? { words: heard.words } : {}),
      ...(heard.segments === undefined ? {} : { segments: heard.segments.map((one, id) => ({ id, ...one })) }),
    });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    if (given === 'cut') response.write(body.slice(0, 20), () => request.socket.destroy());
    else response.end(body);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}
