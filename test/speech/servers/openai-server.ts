import { json, localHttp, toneFor, wavOf, letterMs, type LocalServer } from './local-http.js';

export interface OpenAiServerOptions {
  readonly key?: string;
  /** Kokoro-FastAPI's route beside the protocol's own. */
  readonly captioned?: boolean;
  /** Answers WAV whatever was asked for, as some servers do. */
  readonly wav?: boolean;
  readonly sound?: (text: string) => Buffer;
}

/** A server of OpenAI's speech protocol, with the answers of its documentation. */
export function openAiServer({
  key,
  captioned = false,
  wav = false,
  sound,
}: OpenAiServerOptions = {}): Promise<LocalServer> {
  const spoken = sound ?? ((text: string) => toneFor(text, 24_000));
  return localHttp(({ method, path, headers, body }, reply) => {
    if (key !== undefined && headers['authorization'] !== `Bearer ${key}`)
      return json(reply, 401, {
        error: {
          message: `Incorrect API key provided: ${headers['authorization'] ?? ''}`,
          type: 'invalid_request_error',
        },
      });
    const isCaptioned = captioned && path === '/dev/captioned_speech';
    if (method !== 'POST' || (path !== '/v1/audio/speech' && !isCaptioned))
      return json(reply, 404, { detail: 'Not Found' });
    if (typeof body?.input !== 'string' || typeof body.voice !== 'string' || typeof body.model !== 'string')
      return json(reply, 400, { error: { message: 'input, voice and model are required' } });
    const pcm = spoken(body.input as string);
    if (isCaptioned) {
      const timestamps = [...(body.input as string).matchAll(/\S+/g)].map((m) => ({
        word: m[0],
        start_time: letterMs(m.index) / 1000,
        end_time: letterMs(m.index + m[0].length) / 1000,
      }));
      return json(reply, 200, { audio: pcm.toString('base64'), audio_format: 'audio/pcm', timestamps });
    }
    reply.writeHead(200, { 'content-type': wav ? 'audio/wav' : 'audio/pcm' });
    // In pieces, as it is synthesised.
    const bytes = wav ? wavOf(pcm, 24_000) : pcm;
    for (let at = 0; at < bytes.length; at += 4096) reply.write(bytes.subarray(at, at + 4096));
    reply.end();
  });
}
