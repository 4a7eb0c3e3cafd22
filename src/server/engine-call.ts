import { ERROR_CODES, EngineError, type ErrorCode } from '../core/errors.js';
import type { RoomEndpoint } from '../core/room-host.js';

const TIMEOUT_MS = 60_000;
/** Of the engine, which else refuses an edit after nine seconds. */
const WAIT_S = 55;

/** Calls the API of a room's engine. Throws the engine's own errors, and E_ROOM_OFF when it does not answer. */
export async function callEngine(
  { url, token }: RoomEndpoint,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  let reply: Response;
  try {
    reply = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        prefer: `wait=${WAIT_S}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new EngineError('E_ROOM_OFF', {
      where: path,
      expected: 'an engine that answers',
      found: 'no answer',
      todo: 'it is started again by itself; try again in a moment',
      cause,
    });
  }
  const text = await reply.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (reply.ok) return value;
  throw engineError(value, path);
}

const STILL_TIMEOUT_MS = 5000;

/** The picture on air as JPEG; undefined where the engine does not answer. */
export async function stillOf({ url, token }: RoomEndpoint): Promise<Buffer | undefined> {
  const answer = await fetch(`${url}/api/still`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(STILL_TIMEOUT_MS),
  }).catch(() => undefined);
  return answer?.ok === true ? Buffer.from(await answer.arrayBuffer()) : undefined;
}

/** The error of an engine's answer. */
function engineError(value: unknown, path: string): EngineError {
  const { code, where, expected, found, todo, details } = ((value as { error?: Record<string, unknown> } | undefined)
    ?.error ?? {}) as Record<string, string | undefined> & { details?: Record<string, unknown> };
  const known = code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : 'E_INTERNAL';
  return new EngineError(known, {
    where: where ?? path,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(todo === undefined ? {} : { todo }),
    ...(details === undefined ? {} : { details }),
  });
}
