/**
 * What a room takes along to another worker, and its ledger and evidence in the store.
 *
 * States lie under the fencing token of the worker that wrote them, and the newest token counts: a worker that lost its
 * lease and does not know it yet cannot overwrite anything. So do the parts of the ledger.
 */
import { z } from 'zod';
import { seal, unseal, type FleetKey } from '../fleet-key.js';
import type { ObjectStore } from '../store/object-store.js';

const carried = z.looseObject({
  /** The room file with all edits that were made on air. */
  text: z.string(),
  /** Line, mute, blank: the room's own state file. */
  resume: z.string().nullable(),
  /** The file of the risk score. */
  risk: z.string().nullable(),
  pinned: z.string().nullable(),
  paused: z.boolean(),
  /** An operator's lines that wait. */
  says: z.array(z.object({ text: z.string(), role: z.enum(['host', 'assistant']) })).max(50),
});
export type Carried = z.infer<typeof carried>;

export interface StateHead {
  readonly fence: number;
  readonly worker: string;
  readonly submission: string;
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
const stateFolder = (room: string): string => `rooms/${room}/state/`;
const stateKey = (room: string, fence: number): string => `${stateFolder(room)}${digits(fence, 10)}.json`;
const ledgerFolder = (room: string): string => `rooms/${room}/ledger/`;
export const ledgerKey = (room: string, fence: number, part: number): string =>
  `${ledgerFolder(room)}${digits(fence, 10)}-${digits(part, 8)}.jsonl`;
export const evidenceFolder = (room: string): string => `rooms/${room}/evidence/`;
export const evidenceKey = (room: string, name: string): string => `${evidenceFolder(room)}${name}`;

export async function putState(
  store: ObjectStore,
  room: string,
  head: StateHead,
  state: Carried,
  publicKey: string,
): Promise<void> {
  const box = (await seal(JSON.stringify(state), publicKey)).toString('base64');
  await store.put(stateKey(room, head.fence), Buffer.from(JSON.stringify({ ...head, box })));
}

/** The newest state; older ones are removed but for the last. */
export async function latestState(
  store: ObjectStore,
  room: string,
  key: FleetKey,
): Promise<(StateHead & { readonly state: Carried }) | undefined> {
  const keys = await store.list(stateFolder(room));
  for (const old of keys.slice(0, -2)) await store.remove(old);
  const newest = keys.at(-1);
  const bytes = newest === undefined ? undefined : await store.get(newest);
  if (bytes === undefined) return undefined;
  const { box, ...head } = JSON.parse(bytes.toString('utf8')) as StateHead & { box: string };
  const state = carried.parse(JSON.parse(await unseal(Buffer.from(box, 'base64'), key, `state of ${room}`)));
  return { ...head, state };
}

const MAX_LEDGER_BYTES = 64 * 1024 * 1024;

/** The ledger as the store has it, its newest 64 MiB. */
export async function readLedgerParts(store: ObjectStore, room: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const part of (await store.list(ledgerFolder(room))).reverse()) {
    const content = await store.get(part);
    if (content === undefined) continue;
    bytes += content.length;
    if (bytes > MAX_LEDGER_BYTES) break;
    parts.unshift(content);
  }
  return Buffer.concat(parts);
}
