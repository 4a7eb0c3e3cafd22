/**
 * The records of a room's shows (`src/store`), carried to the store, so that a report spans all workers of a show.
 *
 * Problem: it is a database that an engine writes all the time; a plain copy of its file may be torn, and its comments are
 * viewers' words, which nobody else should read.
 * Rule: while a read transaction holds a moment of it, the main file and its log are read, in this order; together they are
 * that moment, or a later one. The copy goes to the store compressed and sealed, under the fencing token.
 * Numbers: a copy every 10 s while it is below 500 kB, more seldom in proportion above; nothing above 64 MB.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { replaceFile } from '../../core/files/replace-file.js';
import { openForReading, storeFile } from '../../store/open-database.js';
import { type FleetKey, seal, sealBytes, unseal, unsealBytes } from '../fleet-key.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * What a room takes along to another worker, and its ledger and evidence in the store.
 *
 * States lie under the fencing token of the worker that wrote them, and the newest token counts: a worker that lost its
 * lease and does not know it yet cannot overwrite anything. So do the parts of the ledger.
 */

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

/** Where a room's records lie below its folder on a worker. */
export const RECORDS = 'records';
export const LEDGER = `${RECORDS}/ledger.jsonl`;
export const RESUME = `${RECORDS}/ledger.resume.json`;
export const RISK = `${RECORDS}/ledger.risk.json`;
export const EVIDENCE = `${RECORDS}/ledger-evidence`;

const MIN_PAUSE_MS = 10_000;
const BYTES_PER_MS = 50;
const MAX_BYTES = 64 * 1024 * 1024;
const HEAD_BYTES = 8;

const folderOf = (room: string): string => `rooms/${room}/report/`;
const keyOf = (room: string, fence: number): string => `${folderOf(room)}${String(fence).padStart(10, '0')}.bin`;
export const reportFile = (folder: string): string => storeFile(join(folder, LEDGER));

/** A consistent copy of both files of the database; undefined before the first record. */
async function readDatabase(file: string): Promise<ReportCopy | undefined> {
  if ((await sizeOf(file)) === 0) return undefined;
  const db = await openForReading(file);
  try {
    db.exec('BEGIN');
    // A transaction holds nothing before its first read.
    db.prepare('SELECT count(*) AS n FROM sqlite_master').get();
    const main = await readFile(file);
    const log = await readFile(`${file}-wal`).catch(() => Buffer.alloc(0));
    db.exec('COMMIT');
    return { main, log };
  } finally {
    db.close();
  }
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** Sends copies of one room's records. */
export class ReportCarrier {
  private nextMs = 0;
  private last = '';

  constructor(
    private readonly options: {
      readonly store: ObjectStore;
      readonly room: string;
      readonly folder: string;
      readonly publicKey: string;
    },
  ) {}

  /** Sends new records at their interval, or at once with `now`. Throws when the store refuses them. */
  async carry(fence: number, { now = false }: { now?: boolean } = {}): Promise<void> {
    if (!now && performance.now() < this.nextMs) return;
    const { store, room, folder, publicKey } = this.options;
    const file = reportFile(folder);
    const [mainBytes, logBytes] = await Promise.all([sizeOf(file), sizeOf(`${file}-wal`)]);
    const bytes = mainBytes + logBytes;
    this.nextMs = performance.now() + Math.max(MIN_PAUSE_MS, bytes / BYTES_PER_MS);
    if (mainBytes === 0 || bytes > MAX_BYTES) return;
    const state = `${fence} ${await stateOf(file)} ${await stateOf(`${file}-wal`)}`;
    if (state === this.last) return;
    const read = await readDatabase(file);
    if (read === undefined) return;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeBigUInt64BE(BigInt(read.main.length));
    const packed = await promisify(gzip)(Buffer.concat([head, read.main, read.log]), { level: 1 });
    await store.put(keyOf(room, fence), await sealBytes(packed, publicKey));
    this.last = state;
  }
}

const stateOf = (file: string): Promise<string> =>
  stat(file).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => '',
  );

/** A database as it was at one moment. */
interface ReportCopy {
  readonly main: Buffer;
  readonly log: Buffer;
}

/** The newest records of a room; undefined without any. */
export async function latestReport(store: ObjectStore, room: string, key: FleetKey): Promise<ReportCopy | undefined> {
  const keys = await store.list(folderOf(room));
  for (const old of keys.slice(0, -2)) await store.remove(old);
  const newest = keys.at(-1);
  const sealed = newest === undefined ? undefined : await store.get(newest);
  if (sealed === undefined) return undefined;
  const bytes = await promisify(gunzip)(await unsealBytes(sealed, key, `records of ${room}`), {
    maxOutputLength: MAX_BYTES + HEAD_BYTES,
  });
  const mainEnd = HEAD_BYTES + Number(bytes.readBigUInt64BE());
  return { main: bytes.subarray(HEAD_BYTES, mainEnd), log: bytes.subarray(mainEnd) };
}

export async function writeReport(file: string, { main, log }: ReportCopy): Promise<void> {
  // The log first: a database must never meet another one's log.
  await replaceFile(`${file}-wal`, log);
  await replaceFile(file, main);
}
