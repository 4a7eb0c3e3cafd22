import { Client, type Dispatcher } from 'undici';
import { EngineError } from '../core/errors.js';
import { guardedConnector } from '../core/net/held-guarded-fetch.js';
import { type AddressGuard, NotPublic } from '../core/net/public-address.js';
import { TimeLimit } from '../core/sleep.js';

/** Of the first bytes a page names its encoding in, and no later. */
const HEAD_BYTES = 4096;

/** Text of a page's bytes: by its byte order mark, the answer's header, the page's own word, else UTF-8. 1688 and Taobao still send GBK. */
export function decodePage(bytes: Uint8Array, charset?: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD_BYTES));
  const mark = head.startsWith('ÿþ') ? 'utf-16le' : head.startsWith('þÿ') ? 'utf-16be' : undefined;
  const named = /<meta\b[^>]{0,200}\bcharset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(head)?.[1];
  for (const label of [mark, charset, named]) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      continue; // an encoding nobody knows
    }
  }
  return new TextDecoder().decode(bytes);
}

/** RFC 9309: the group for this agent, else the one for all; the longest matching rule, and of two equal ones `allow`. */
export function isClosed(robots: string, path: string): boolean {
  const groups: { agents: string[]; rules: { allow: boolean; pattern: string }[] }[] = [];
  let open = false;
  for (const line of robots.split(/\r?\n/)) {
    const [, key, value] = /^\s*([\w-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (/^user-agent$/i.test(key)) {
      if (!open) groups.push({ agents: [], rules: [] });
      open = true;
      groups.at(-1)!.agents.push(value.toLowerCase());
    } else if (/^(dis)?allow$/i.test(key)) {
      open = false;
      if (value !== '') groups.at(-1)?.rules.push({ allow: /^allow$/i.test(key), pattern: value });
    }
  }
  const own = groups.filter((one) => one.agents.includes('showroombot'));
  const rules = (own.length > 0 ? own : groups.filter((one) => one.agents.includes('*'))).flatMap((one) => one.rules);
  let best: { allow: boolean; pattern: string } | undefined;
  for (const rule of rules) {
    if (!matches(rule.pattern, path)) continue;
    const longer = rule.pattern.length - (best?.pattern.length ?? -1);
    if (longer > 0 || (longer === 0 && rule.allow)) best = rule;
  }
  return best !== undefined && !best.allow;
}

/** `*` is any run of characters, `$` the end; by parts, so that no pattern takes long. */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$');
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(parts[0]!)) return false;
  let at = parts[0]!.length;
  for (const part of parts.slice(1, anchored ? -1 : undefined)) {
    const next = path.indexOf(part, at);
    if (next < 0) return false;
    at = next + part.length;
  }
  if (!anchored) return true;
  const last = parts.length > 1 ? parts.at(-1)! : '';
  return parts.length === 1 ? at === path.length : path.length - last.length >= at && path.endsWith(last);
}

/**
 * Fetches from the internet for a person, not for a page.
 *
 * Problem: a link may come from a stranger, lead into the local network by name, by redirect or by an answer of the name server that
 * changes, and its body may never end. Rule: http(s) only; each address is checked when the socket connects, so the checked
 * address is the one connected to; redirects start again from the top; robots.txt is asked once a host. Numbers: 8 MB, 20 s, 4 redirects.
 */
export interface GuardedFetchOptions extends AddressGuard {
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** Media types that are taken, such as `text/html`. */
  readonly accept: readonly string[];
  /** Pictures named by a page that was let in are not asked about again. */
  readonly robots?: boolean;
}

interface FetchedPage {
  readonly url: string;
  readonly type: string;
  /** Encoding that the answer names. */
  readonly charset?: string;
  readonly body: Uint8Array;
}

const AGENT = 'ShowroomBot/1.0 (product import for the person who owns the listing)';
const MAX_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 20_000;
const MAX_REDIRECTS = 4;
const MAX_ROBOTS_BYTES = 512 * 1024;

/** One polite GET. Throws E_LISTING_FETCH with the obstacle. */
export async function guardedFetch(link: string, options: GuardedFetchOptions): Promise<FetchedPage> {
  const limit = new TimeLimit(options.timeoutMs ?? TIMEOUT_MS, options.signal);
  try {
    return await follow(link, options, limit.signal);
  } finally {
    limit.end();
  }
}

async function follow(link: string, options: GuardedFetchOptions, signal: AbortSignal): Promise<FetchedPage> {
  let url = checkedUrl(link, link);
  const asked = new Set<string>();
  for (let redirects = 0; ; redirects += 1) {
    if (options.robots !== false) await askRobots(url, options, signal, asked);
    const answer = await get(url, options, signal, options.maxBytes ?? MAX_BYTES);
    if (answer.location === undefined)
      return {
        url: url.href,
        type: answer.type,
        body: answer.body,
        ...(answer.charset !== undefined && { charset: answer.charset }),
      };
    if (redirects >= MAX_REDIRECTS)
      throw failed(
        link,
        `at most ${MAX_REDIRECTS} redirects`,
        'more',
        'open the link in a browser and use the address it ends at',
      );
    url = checkedUrl(answer.location, link, url);
  }
}

function checkedUrl(text: string, link: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw failed(
      link,
      'an http or https link',
      url?.protocol ?? 'no link',
      'copy the address of the product page from the browser',
    );
  if (url.username !== '' || url.password !== '')
    throw failed(link, 'a link without a name and password', 'one with them');
  return url;
}

interface Answer {
  readonly location?: string;
  readonly type: string;
  readonly charset?: string;
  readonly status: number;
  readonly body: Uint8Array;
}

async function get(
  url: URL,
  options: GuardedFetchOptions,
  signal: AbortSignal,
  maxBytes: number,
  isRobots = false,
): Promise<Answer> {
  const client = new Client(url.origin, {
    connect: guardedConnector(options),
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  try {
    const answer = await client.request({
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      signal,
      headers: {
        'user-agent': AGENT,
        accept: [...options.accept, '*/*;q=0.1'].join(', '),
        'accept-encoding': 'identity',
        'accept-language': 'en,*;q=0.5',
      },
    });
    return await readAnswer(url, answer, options, maxBytes, isRobots);
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    if (cause instanceof NotPublic) throw failed(cause.host, 'an address on the public internet', cause.found);
    throw failed(
      url.href,
      'an answer',
      options.signal?.aborted === true ? 'a stop' : signal.aborted ? 'none in time' : reason(cause),
      SAVE_INSTEAD,
      cause,
    );
  } finally {
    await client.destroy();
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const SAVE_INSTEAD = 'open the page in your browser, save it (Ctrl+S) and run `engine product FILE.html`';

async function readAnswer(
  url: URL,
  answer: Dispatcher.ResponseData,
  options: GuardedFetchOptions,
  maxBytes: number,
  isRobots: boolean,
): Promise<Answer> {
  const { statusCode: status, headers, body } = answer;
  body.on('error', () => undefined); // destroyed on purpose below
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  const type = (header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const charset = /charset\s*=\s*"?([\w-]{2,40})/i.exec(header('content-type') ?? '')?.[1];
  const location = header('location');
  if (status >= 300 && status < 400 && location !== undefined)
    return { location, type, status, body: new Uint8Array() };
  if (!isRobots) {
    if (status === 404 || status === 410)
      throw failed(url.href, 'a page', `HTTP ${status}: it is not there`, 'check the link');
    if (status === 401 || status === 403 || status === 429 || status === 503)
      throw failed(url.href, 'a page', `HTTP ${status}: the shop keeps programs out`, SAVE_INSTEAD);
    if (status !== 200) throw failed(url.href, 'a page', `HTTP ${status}`, SAVE_INSTEAD);
    if (!options.accept.some((one) => (one.endsWith('/*') ? type.startsWith(one.slice(0, -1)) : type === one)))
      throw failed(url.href, options.accept.join(' or '), type || 'no content type');
    if (Number(header('content-length') ?? 0) > maxBytes) throw tooLarge(url.href, maxBytes);
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    const bytes = part as Uint8Array;
    size += bytes.length;
    if (size > maxBytes && isRobots) break; // the first part of the file counts
    if (size > maxBytes) throw tooLarge(url.href, maxBytes);
    parts.push(bytes);
  }
  return { type, status, body: Buffer.concat(parts), ...(charset !== undefined && { charset }) };
}

/**
 * Refuses a page that the host's robots.txt closes for programs (RFC 9309): a host without the file closes nothing, one that
 * answers with a fault of its own closes everything. `asked` keeps the hosts whose file is known to be open for this path.
 */
async function askRobots(
  url: URL,
  options: GuardedFetchOptions,
  signal: AbortSignal,
  asked: Set<string>,
): Promise<void> {
  const path = `${url.pathname}${url.search}`;
  if (asked.has(`${url.origin}${path}`)) return;
  asked.add(`${url.origin}${path}`);
  let file = new URL('/robots.txt', url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await get(file, options, signal, MAX_ROBOTS_BYTES, true);
    if (answer.location !== undefined) {
      file = checkedUrl(answer.location, url.href, file);
      continue;
    }
    const text = new TextDecoder().decode(answer.body);
    if (answer.status >= 500 || (answer.status === 200 && isClosed(text, path)))
      throw failed(url.href, 'a page open to programs', 'one that robots.txt closes', SAVE_INSTEAD);
    return;
  }
}

const tooLarge = (where: string, maxBytes: number): EngineError =>
  failed(where, `at most ${maxBytes} bytes`, 'more', SAVE_INSTEAD);

const failed = (where: string, expected: string, found: string, todo?: string, cause?: unknown): EngineError =>
  new EngineError('E_LISTING_FETCH', { where, expected, found, ...(todo !== undefined && { todo }), cause });
