import { AnswerTooLarge, type HeldAnswer, heldFetch } from '../../core/net/held-fetch.js';
import type { AddressGuard } from '../../core/net/public-address.js';
import { statusFault, VoiceFault } from './voice-source.js';

/** Two minutes of speech at 48 kHz, as base64 in JSON. */
const MAX_BYTES = 32 << 20;
const MAX_SAID_BYTES = 4096;

export interface VoiceCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: GET. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** For an address that the service named. */
  readonly guard?: AddressGuard | undefined;
}

/** An accepted answer. A redirect is refused, as it would take the key elsewhere. */
export async function callVoice({ url, headers, body, signal, guard }: VoiceCall): Promise<HeldAnswer> {
  let reply: HeldAnswer;
  try {
    reply = await heldFetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal,
      guard,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new VoiceFault('passing', `no connection: ${reasonOf(error)}`);
  }
  if (reply.ok) return reply;
  const said = await reply.beginning(MAX_SAID_BYTES);
  throw statusFault(reply.status, messageIn(said), reply.headers.get('retry-after'));
}

/** The whole body. A connection that breaks off is a fault, not a short sound. */
export async function readBytes(reply: HeldAnswer, signal: AbortSignal, max = MAX_BYTES): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of reply.chunks(max)) {
      length += part.length;
      parts.push(part);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AnswerTooLarge) throw new VoiceFault('passing', `an answer of more than ${max >> 10} kB`);
    throw new VoiceFault('passing', `the answer broke off after ${length} bytes: ${reasonOf(error)}`);
  }
  return Buffer.concat(parts, length);
}

/** The JSON objects of an answer: one, or one a line. */
export async function readJson(reply: HeldAnswer, signal: AbortSignal, max = MAX_BYTES): Promise<unknown[]> {
  const type = mediaType(reply);
  const text = (await readBytes(reply, signal, max)).toString('utf8');
  const out: unknown[] = [];
  try {
    for (const line of text.split(/\r?\n/)) {
      const bare = line.replace(/^data:\s*/, '').trim();
      if (bare !== '' && bare !== '[DONE]') out.push(JSON.parse(bare));
    }
  } catch {
    // An object over several lines.
    try {
      return [JSON.parse(text)];
    } catch {
      throw new VoiceFault('passing', `an answer of type ${type} that is not JSON`);
    }
  }
  return out;
}

export const mediaType = (reply: HeldAnswer): string =>
  (reply.headers.get('content-type') ?? 'unknown').split(';')[0]!.trim().toLowerCase();

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

/** The services put their words under different names. */
export function messageIn(body: string): string {
  try {
    const known = JSON.parse(body) as Record<string, unknown>;
    for (const key of ['error', 'detail', 'message', 'error_message', 'header', 'base_resp']) {
      const value = known[key];
      if (typeof value === 'string') return value;
      if (typeof value !== 'object' || value === null) continue;
      const inner = value as Record<string, unknown>;
      const said = inner['message'] ?? inner['status_msg'] ?? inner['error_message'] ?? inner['status'];
      if (typeof said === 'string') return said;
    }
  } catch {
    // A proxy's HTML error page has no useful message.
  }
  return '';
}
