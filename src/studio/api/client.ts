import { errorOf } from './error';

/** `studio`: signed in, many rooms. `engine`: the desk of one room, served by the room's own engine. */
export const MODE: 'studio' | 'engine' = document.documentElement.dataset['mode'] === 'engine' ? 'engine' : 'studio';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface CallOptions {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The engine's own token, where its desk is served by the engine. In the studio the cookie is enough. */
let engineToken: string | null = sessionStorage.getItem('token');
export const currentEngineToken = (): string | null => engineToken;
export function setEngineToken(token: string | null): void {
  engineToken = token;
  if (token === null) sessionStorage.removeItem('token');
  else sessionStorage.setItem('token', token);
}

const isRaw = (body: unknown): body is BodyInit =>
  typeof body === 'string' || body instanceof Blob || body instanceof ArrayBuffer || body instanceof FormData;

/** Sends a request; throws an `ApiError` with the server's words when it is refused. */
export async function send(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
  const url = new URL(path, location.origin);
  for (const [key, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined) url.searchParams.set(key, String(value));
  }
  const headers = new Headers(options.headers);
  let body: BodyInit | undefined;
  if (isRaw(options.body)) body = options.body;
  else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers.set('content-type', 'application/json');
  }
  if (engineToken !== null) headers.set('authorization', `Bearer ${engineToken}`);
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body, signal: options.signal, credentials: 'same-origin' });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw errorOf(undefined, { code: 'E_UNREACHABLE', message: 'The studio does not answer' });
  }
  if (!response.ok) throw errorOf(response, await response.json().catch(() => null));
  return response;
}

/** Calls the API and reads its JSON. `T` is what the contract says of this route. */
export async function call<T = void>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

const part = (value: string): string => encodeURIComponent(value);
export const roomUrl = (room: string, path = ''): string => `/api/rooms/${part(room)}${path}`;

/**
 * Where a path of a room's engine is reached: through the studio's guarded proxy, or on the engine itself.
 *
 * @param path the engine's own, as `/api/script/skip` or `/whep`
 */
export const engineUrl = (room: string, path: string): string =>
  MODE === 'engine' ? path : `/api/rooms/${part(room)}/engine${path}`;
