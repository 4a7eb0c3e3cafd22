import type { Endpoint, Http, HttpReply } from '../whep-client.js';
import type { CapturedPage } from './capture-page.js';

const ROOM_MS = 4000;
const COMMENTS_MS = 8000;
/** Pictures are fetched and scanned before the answer. */
const PRODUCT_MS = 180_000;

/** The engine's answer in words for a person; never holds the token. */
export type ApiAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export interface SentProduct {
  readonly title: string;
  readonly file: string;
  readonly warnings: number;
}

export interface PageEvent {
  readonly id: string;
  readonly user: string;
  readonly text: string;
}

/** The name of the room that the address and the token belong to. */
export const pairedRoom = (http: Http, endpoint: Endpoint): Promise<ApiAnswer<string>> =>
  ask(http, 'GET', endpoint, '/api/room', undefined, ROOM_MS, (body) => String(body['name'] ?? ''));

/** `save`: the engine also writes it, with its pictures, which takes longer. */
export const sendProduct = (
  http: Http,
  endpoint: Endpoint,
  page: CapturedPage,
  save: boolean,
): Promise<ApiAnswer<SentProduct>> =>
  ask(http, 'POST', endpoint, '/api/intake', intakeBody(page, save), PRODUCT_MS, (body) => {
    const product = (body['product'] ?? {}) as { title?: unknown };
    const warnings = Array.isArray(body['warnings']) ? body['warnings'].length : 0;
    return { title: String(product.title ?? ''), file: String(body['file'] ?? ''), warnings };
  });

export const sendComments = (
  http: Http,
  endpoint: Endpoint,
  site: string,
  events: readonly PageEvent[],
): Promise<ApiAnswer<number>> =>
  ask(http, 'POST', endpoint, '/api/events/page', JSON.stringify({ site, events }), COMMENTS_MS, (body) =>
    Number(body['taken'] ?? 0),
  );

/** Texts that are no JSON are left out: the page wrote them. */
export function intakeBody({ url, data, html }: CapturedPage, save: boolean): string {
  const parsed: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(data)) {
    try {
      parsed[name] = JSON.parse(text) as unknown;
    } catch {
      continue;
    }
  }
  return JSON.stringify({ url, data: parsed, ...(html === '' ? {} : { html }), save });
}

async function ask<T>(
  http: Http,
  method: 'GET' | 'POST',
  endpoint: Endpoint,
  path: string,
  body: string | undefined,
  timeoutMs: number,
  read: (body: Record<string, unknown>) => T,
): Promise<ApiAnswer<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${endpoint.token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  let reply: HttpReply;
  try {
    reply = await http(method, new URL(path, endpoint.url).href, {
      headers,
      ...(body === undefined ? {} : { body }),
      timeoutMs,
    });
  } catch {
    return { ok: false, error: 'away' };
  }
  const answer = parse(reply.body);
  if (reply.status >= 200 && reply.status < 300) return { ok: true, value: read(answer) };
  if (reply.status === 401) return { ok: false, error: 'wrongToken' };
  const { message } = (answer['error'] ?? {}) as { message?: unknown };
  return { ok: false, error: typeof message === 'string' ? message : `HTTP ${reply.status}` };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
