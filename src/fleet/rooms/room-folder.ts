/** A room's folder on a worker: its files, and its state from wherever it was on air before. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { EngineError } from '../../core/errors.js';
import type { FleetKey } from '../fleet-key.js';
import type { RoomFiles } from '../records.js';
import { getJson, type ObjectStore } from '../store/object-store.js';
import type { AssetCache } from './asset-cache.js';
import { filesKey, openSecret } from './room-package.js';
import { latestReport, reportFile, writeReport } from './room-report.js';
import { LEDGER, RECORDS, RESUME, RISK } from './room-paths.js';
import { latestState, readLedgerParts, type Carried } from './room-state.js';

export interface LaidRoom {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The newest fencing token that the store knows. */
  readonly knownFence: number;
  /** To be done once the engine answers. */
  readonly carried: Pick<Carried, 'pinned' | 'paused' | 'says'> | undefined;
  readonly ledgerBytes: number;
}

export interface LayOptions {
  readonly store: ObjectStore;
  readonly cache: AssetCache;
  readonly key: FleetKey;
  readonly folder: string;
  readonly room: string;
  readonly submission: string;
  /** Where the engine's API listens. */
  readonly host: string;
}

export async function layRoom(options: LayOptions): Promise<LaidRoom> {
  const { store, cache, key, folder, room, submission, host } = options;
  const [files, secret, last, ledger, report] = await Promise.all([
    getJson<RoomFiles>(store, filesKey(room)),
    openSecret(store, room, key),
    latestState(store, room, key),
    readLedgerParts(store, room),
    latestReport(store, room, key),
  ]);
  if (files === undefined)
    throw new EngineError('E_NOT_FOUND', { where: `${store.name}: ${filesKey(room)}`, found: 'no list of files' });
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, RECORDS), { recursive: true, mode: OWNER_ONLY_FOLDER });
  await cache.lay(files.files, folder);
  // A newer submit replaces what was edited on air.
  const text = last?.submission === submission ? last.state.text : secret.text;
  await replaceFile(join(folder, 'room.json'), ownPlaces(text, host));
  if (report !== undefined) await writeReport(reportFile(folder), report);
  if (ledger.length > 0) await replaceFile(join(folder, LEDGER), ledger);
  const { risk = null, resume = null } = last?.state ?? {};
  if (risk !== null) await replaceFile(join(folder, RISK), risk);
  if (resume !== null) await replaceFile(join(folder, RESUME), elsewhere(resume));
  return {
    folder,
    env: secret.env,
    knownFence: last?.fence ?? 0,
    carried: last?.state,
    ledgerBytes: ledger.length,
  };
}

/** Many rooms share a machine: ports are free ones, and records lie in the room's own folder. */
function ownPlaces(text: string, host: string): string {
  const room = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, Record<string, unknown> | undefined>;
  room['control'] = { ...room['control'], host, rtmpPort: 0, flvPort: 0 };
  room['compliance'] = { ...room['compliance'], ledger: LEDGER };
  return `${JSON.stringify(room, null, 2)}\n`;
}

/** The engine and its children ran on another machine, or have ended. */
function elsewhere(resume: string): string {
  const state = JSON.parse(resume) as Record<string, unknown>;
  return JSON.stringify({ ...state, engine: { pid: 2, born: 'another worker' }, children: [] });
}

/** Undefined where there is none. */
export async function readOwn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}
