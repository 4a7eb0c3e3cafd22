import type { CommentPlaces } from './comments/page-comment-reader.js';
import { DEFAULT_ENDPOINT } from './messages.js';
import { DEFAULT_SITES } from './sites.js';
import type { ProductState, ReadingState } from './tab-messages.js';

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
