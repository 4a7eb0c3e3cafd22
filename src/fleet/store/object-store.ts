/**
 * What a fleet shares beside Redis: room packages, states, ledgers, evidence and claims. Keys are paths of plain names.
 * A `put` is whole or not there, and a later `get` or `list` of any machine sees it.
 */
export interface ObjectStore {
  /** For messages; without keys. */
  readonly name: string;
  put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** Undefined where there is none. */
  get(key: string, signal?: AbortSignal): Promise<Buffer | undefined>;
  has(key: string): Promise<boolean>;
  /** All keys that begin so, in their order. */
  list(prefix: string, signal?: AbortSignal): Promise<string[]>;
  remove(key: string): Promise<void>;
}

export async function getJson<T>(store: ObjectStore, key: string, signal?: AbortSignal): Promise<T | undefined> {
  const bytes = await store.get(key, signal);
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString('utf8')) as T);
}

export const putJson = (store: ObjectStore, key: string, value: unknown, signal?: AbortSignal): Promise<void> =>
  store.put(key, Buffer.from(JSON.stringify(value)), signal);
