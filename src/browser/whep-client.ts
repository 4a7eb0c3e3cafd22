import { USUAL_PICTURE } from './messages.js';

/** The HTTP functions WHEP needs; `fetch` in an extension, the script manager's own request in a userscript. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
  header(name: string): string | null;
}
export type Http = (
  method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS',
  url: string,
  options?: { headers?: Record<string, string>; body?: string; timeoutMs?: number },
) => Promise<HttpReply>;

export interface Endpoint {
  readonly url: string;
  /** Sent as a Bearer token when not empty. */
  readonly token: string;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
}

const ANSWER_MS = 8000;
const LOOK_MS = 2500;

const withToken = (endpoint: Endpoint, headers: Record<string, string> = {}): Record<string, string> =>
  endpoint.token === '' ? headers : { ...headers, authorization: `Bearer ${endpoint.token}` };

/**
 * Posts an offer (draft-ietf-wish-whep) and returns the answer with the session's absolute address, empty when the
 * server names none. Rejects with a readable reason that never contains the token.
 */
export async function whepOffer(
  http: Http,
  endpoint: Endpoint,
  sdp: string,
): Promise<{ answer: string; session: string }> {
  const headers = withToken(endpoint, { 'content-type': 'application/sdp' });
  const reply = await http('POST', endpoint.url, { headers, body: sdp, timeoutMs: ANSWER_MS });
  if (reply.status !== 201 && reply.status !== 200) {
    throw new Error(`WHEP: expected 201, found ${reply.status}`);
  }
  const location = reply.header('location');
  // It must be on the same server, since the token is sent with it.
  const session = location === null ? '' : new URL(location, endpoint.url);
  const ours = session !== '' && session.origin === new URL(endpoint.url).origin;
  return { answer: reply.body, session: ours ? session.href : '' };
}

export async function whepDrop(http: Http, endpoint: Endpoint, session: string): Promise<void> {
  if (session === '') return;
  await http('DELETE', session, { headers: withToken(endpoint), timeoutMs: ANSWER_MS });
}

/** `Link: <turn:host>; rel="ice-server"; username="…"; credential="…"` of the endpoint (draft-ietf-wish-whep, 4.6). */
export async function iceServers(http: Http, endpoint: Endpoint): Promise<RTCIceServer[]> {
  const reply = await http('OPTIONS', endpoint.url, { headers: withToken(endpoint), timeoutMs: LOOK_MS });
  return parseIceLinks(reply.header('link') ?? '');
}

export function parseIceLinks(link: string): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, url, rest] of link.matchAll(/<([^>]+)>((?:\s*;\s*[^,;="]+(?:=(?:"(?:[^"\\]|\\.)*"|[^,;"]*))?)*)/g)) {
    const field = (name: string): string | undefined => {
      const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;,\\s]+))`, 'i').exec(rest ?? '');
      return (found?.[1] ?? found?.[2])?.replace(/\\(.)/g, '$1');
    };
    if (url === undefined || field('rel') !== 'ice-server') continue;
    const username = field('username');
    const credential = field('credential');
    servers.push({
      urls: url,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    });
  }
  return servers;
}

/** Checks for the engine and its picture; undefined when it does not answer. */
export async function lookAtRoom(http: Http, endpoint: Endpoint): Promise<Picture | undefined> {
  let reply: HttpReply;
  try {
    reply = await http('GET', new URL('/camera.json', endpoint.url).href, { timeoutMs: LOOK_MS });
  } catch {
    return undefined;
  }
  if (reply.status >= 500) return undefined;
  try {
    const { width, height, frameRate } = JSON.parse(reply.body) as Record<string, unknown>;
    if (isSize(width) && isSize(height) && isSize(frameRate)) return { width, height, frameRate };
  } catch {
    // Another WHEP server answers something else there: its picture is known on arrival.
  }
  return USUAL_PICTURE;
}

const isSize = (value: unknown): value is number => typeof value === 'number' && value >= 1 && value <= 8192;
