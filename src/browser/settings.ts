import type { CommentPlaces } from './comments/page-comment-reader.js';
import { DEFAULT_ENDPOINT } from './messages.js';
import type { PageEvent } from './product/engine-api.js';

/** From the panel to the worker, which goes on when the popup closes. */
export type FromPanel =
  | { readonly kind: 'send-product'; readonly tab: number }
  | { readonly kind: 'pick-comments'; readonly tab: number };

/** From the part that reads comments to the worker. */
export type FromReader =
  | { readonly kind: 'comments'; readonly events: readonly PageEvent[] }
  | { readonly kind: 'picked'; readonly places: CommentPlaces };

export type ToTab = { readonly kind: 'pick' };

/** An error's name in the panel's words, or a sentence of the engine; empty when all went well. */
export type PanelReply = string;

/** The browser ends a worker that waits for long, so the panel reads the progress from the store. */
export interface ProductState {
  readonly phase: 'reading' | 'saving' | 'saved' | 'failed';
  readonly title: string;
  readonly file: string;
  readonly warnings: number;
  readonly error: string;
}

/** For the panel: how reading goes, by host. */
export interface ReadingState {
  readonly sent: number;
  readonly error: string;
}

/** Default sites of the camera: the pages of Alibaba's platforms, and this machine. */
export const DEFAULT_SITES: readonly string[] = [
  'alibaba.com',
  'taobao.com',
  'tmall.com',
  '1688.com',
  'aliexpress.com',
  'lazada.com',
  'dingtalk.com',
  'localhost',
  '127.0.0.1',
];

/** True when `host` is one of the sites or below one of them; `*` is every site. */
export function siteMatches(host: string, sites: readonly string[]): boolean {
  const name = host.toLowerCase();
  return sites.some((site) => {
    const bare = normaliseSite(site);
    return bare === '*' || (bare !== '' && (name === bare || name.endsWith(`.${bare}`)));
  });
}

/** `https://*.Alibaba.com/live` → `alibaba.com`; an empty string when nothing is left. */
export function normaliseSite(text: string): string {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '*') return '*';
  return trimmed
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/:\d+$/, '')
    .replace(/^(\*\.)+/, '')
    .replace(/^\.+|\.+$/g, '');
}

/** The list with or without `host`; removing a host that a wider entry covers removes that entry. */
export function withSite(sites: readonly string[], host: string, on: boolean): string[] {
  if (on) return siteMatches(host, sites) ? [...sites] : [...sites, host.toLowerCase()];
  return sites.filter((site) => !siteMatches(host, [site]));
}

/** Match patterns of a site's pages where browsers allow cameras: those over TLS, and this machine's. */
export function sitePatterns(site: string): string[] {
  if (site === '*') return ['https://*/*'];
  if (site === 'localhost' || site.startsWith('127.')) return [`http://${site}/*`, `https://${site}/*`];
  return /^[\d.]+$/.test(site) ? [`https://${site}/*`] : [`https://*.${site}/*`];
}

export interface Settings {
  /** The room's WHEP address. */
  readonly endpoint: string;
  /** Bearer token of the endpoint; empty for none. */
  readonly token: string;
  /** Whether a page that names no camera gets this one. */
  readonly preferred: boolean;
  readonly sites: readonly string[];
}

export const DEFAULTS: Settings = { endpoint: DEFAULT_ENDPOINT, token: '', preferred: true, sites: DEFAULT_SITES };

export interface Stored {
  settings?: Partial<Settings>;
  salt?: string;
  /** By origin. */
  granted?: Record<string, { video: boolean; audio: boolean }>;
  /** Where a host's pages show their comments. */
  readers?: Record<string, CommentPlaces>;
  /** How reading goes, by host. */
  reading?: Record<string, ReadingState>;
  /** The product that was sent last. */
  product?: ProductState;
}

/** Storage of the settings: the extension's, or the script manager's. */
export interface Store {
  get<K extends keyof Stored>(key: K): Promise<Stored[K]>;
  set<K extends keyof Stored>(key: K, value: Stored[K]): Promise<void>;
}

export const readSettings = async (store: Store): Promise<Settings> => ({
  ...DEFAULTS,
  ...(await store.get('settings')),
});

/**
 * A site's ids of the two devices: 64 hex digits as browsers make them, the same at every visit, and useless to another
 * site. `salt` is drawn once per installation and never leaves it.
 */
export async function deviceIds(
  salt: string,
  origin: string,
): Promise<{ camera: string; microphone: string; group: string }> {
  const hash = async (what: string): Promise<string> => {
    const bytes = new TextEncoder().encode(`${salt}\n${origin}\n${what}`);
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const [camera, microphone, group] = await Promise.all([hash('camera'), hash('microphone'), hash('group')]);
  return { camera: camera!, microphone: microphone!, group: group! };
}

export const newSalt = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('');

export async function readSalt(store: Store): Promise<string> {
  const kept = await store.get('salt');
  if (kept !== undefined) return kept;
  const salt = newSalt();
  await store.set('salt', salt);
  return salt;
}

/** The fault of an address, or undefined. */
export function endpointFault(text: string): 'notUrl' | 'notHttp' | undefined {
  if (!URL.canParse(text)) return 'notUrl';
  return /^https?:$/.test(new URL(text).protocol) ? undefined : 'notHttp';
}
