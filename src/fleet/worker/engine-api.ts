import { heldFetch } from '../../core/net/held-fetch.js';

/** Of an answer of an engine. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What a worker asks of the engines that it runs. */
export interface EngineApi {
  readonly url: string;
  readonly token: string;
}

export async function askEngine<T>(
  { url, token }: EngineApi,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  { body, limitMs = 3000 }: { readonly body?: unknown; readonly limitMs?: number } = {},
): Promise<T> {
  const answer = await heldFetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await answer.text(MAX_ANSWER_BYTES);
  // A room that is not on air answers 503, with its state.
  if (!answer.ok && answer.status !== 503) throw new Error(text.slice(0, 500));
  return JSON.parse(text === '' ? 'null' : text) as T;
}

export interface Health {
  readonly ok: boolean;
  readonly frame: number;
}
