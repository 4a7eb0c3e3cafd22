/**
 * Carries a room's state, ledger and evidence to the store while it is on air.
 *
 * Problem: a machine can be gone in an instant, and its rooms go on elsewhere with what the store has by then.
 * Rule: what changed is sent once a second: new whole lines of the ledger as a part of its own, new evidence, and the
 * state; the records for reports more seldom (`room-report.ts`). What cannot be sent stays on disk with how far it came, and is sent later, also by a worker that starts again
 * after its machine was gone.
 * Numbers: a look a second; edits made on air are written to the room file every two.
 */
import { createHash } from 'node:crypto';
import { copyFile, link, lstat, mkdir, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { FleetKey } from '../fleet-key.js';
import type { RoomFiles } from '../records.js';
import { getJson, type ObjectStore } from '../store/object-store.js';
import { assetKey, filesKey, openSecret } from './room-package.js';
import {
  type Carried,
  EVIDENCE,
  evidenceKey,
  latestReport,
  latestState,
  LEDGER,
  ledgerKey,
  putState,
  readLedgerParts,
  RECORDS,
  ReportCarrier,
  reportFile,
  RESUME,
  RISK,
  type StateHead,
  writeReport,
} from './room-report.js';

/** At once, from the store. */
const PARALLEL = 4;

/**
 * Files of rooms by the hash of their content. Rooms get hard links, so that a file in use stays when the cache forgets
 * it; the least recently used go first. What arrives with another content is refused.
 */
export class AssetCache {
  constructor(
    private readonly folder: string,
    private readonly store: ObjectStore,
    private readonly maxBytes: number,
  ) {}

  /** Puts a room's files below a folder. Throws E_ASSET_MISSING, E_ASSET_INVALID. */
  async lay(files: RoomFiles['files'], into: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    const todo = Object.entries(files);
    const one = async (): Promise<void> => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
        const [path, { sha256 }] = next;
        await this.place(sha256, join(into, ...safeParts(path)));
      }
    };
    // All have ended before a fault is thrown: whoever removes the folder meets no late writing.
    const done = await Promise.allSettled(
      Array.from({ length: PARALLEL }, () =>
        one().catch((error: unknown) => {
          todo.length = 0;
          throw error;
        }),
      ),
    );
    const fault = done.find((each) => each.status === 'rejected');
    if (fault !== undefined) throw fault.reason;
    await this.trim();
  }

  private async place(sha256: string, to: string): Promise<void> {
    const own = join(this.folder, sha256);
    if ((await lstat(own).catch(() => undefined)) === undefined) {
      const bytes = await this.store.get(assetKey(sha256));
      if (bytes === undefined)
        throw new EngineError('E_ASSET_MISSING', {
          where: `${this.store.name}: ${assetKey(sha256)}`,
          expected: 'a file of the room',
          found: 'none',
          todo: 'submit the room again',
        });
      if (createHash('sha256').update(bytes).digest('hex') !== sha256)
        throw new EngineError('E_ASSET_INVALID', {
          where: `${this.store.name}: ${assetKey(sha256)}`,
          expected: 'the content that the room was submitted with',
          found: 'another content',
          todo: 'submit the room again',
        });
      await replaceFile(own, bytes, { draft: `${own}.${process.pid}-${Math.random().toString(36).slice(2)}.tmp` });
    }
    await utimes(own, new Date(), new Date());
    await mkdir(dirname(to), { recursive: true, mode: OWNER_ONLY_FOLDER });
    await rm(to, { force: true });
    // Another disk cannot be linked to.
    await link(own, to).catch(() => copyFile(own, to));
  }

  private async trim(): Promise<void> {
    const found = await Promise.all(
      (await readdir(this.folder)).map(async (name) => ({ name, stat: await lstat(join(this.folder, name)) })),
    );
    let bytes = found.reduce((sum, { stat }) => sum + stat.size, 0);
    for (const { name, stat } of found.sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs)) {
      if (bytes <= this.maxBytes) return;
      await rm(join(this.folder, name), { force: true });
      bytes -= stat.size;
    }
  }
}

/** A list of files comes from the store: it must not lead out of the room's folder. */
function safeParts(path: string): string[] {
  const parts = path.split('/');
  if (path !== '' && parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0')))
    return parts;
  throw new EngineError('E_ASSET_INVALID', { where: path, expected: 'a path within the room', found: 'another one' });
}

/** A room's folder on a worker: its files, and its state from wherever it was on air before. */

export interface LaidRoom {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The newest fencing token that the store knows. */
  readonly knownFence: number;
  /** To be done once the engine answers. */
  readonly carried: Pick<Carried, 'pinned' | 'paused' | 'says'> | undefined;
  readonly ledgerBytes: number;
}

interface LayOptions {
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
async function readOwn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}

interface CourierOptions extends Pick<StateHead, 'worker' | 'submission'> {
  readonly store: ObjectStore;
  readonly room: string;
  readonly folder: string;
  readonly publicKey: string;
}

interface Sent {
  readonly room: string;
  fence: number;
  part: number;
  /** Of the ledger file that is being sent. */
  inode: number;
  offset: number;
  evidence: string[];
}

const SENT = `${RECORDS}/sent.json`;
const MAX_PART = 4 * 1024 * 1024;

/** What the engine says of itself. */
export type Live = Pick<Carried, 'pinned' | 'paused' | 'says'>;

export class RoomCourier {
  private lastState = '';
  private readonly report: ReportCarrier;

  private constructor(
    private readonly options: CourierOptions,
    private readonly sent: Sent,
  ) {
    this.report = new ReportCarrier(options);
  }

  /** Begins after what the store already has. */
  static async begin(options: CourierOptions, fence: number, ledgerBytes: number): Promise<RoomCourier> {
    const inode = await inodeOf(join(options.folder, LEDGER));
    return new RoomCourier(options, { room: options.room, fence, part: 0, inode, offset: ledgerBytes, evidence: [] });
  }

  /** Goes on where a worker that ended without warning was; undefined without a trace of one. */
  static async leftover(options: Omit<CourierOptions, 'room'>): Promise<RoomCourier | undefined> {
    const text = await readOwn(options.folder, SENT);
    if (text === undefined) return undefined;
    const sent = JSON.parse(text) as Sent;
    return new RoomCourier({ ...options, room: sent.room }, sent);
  }

  /** A new lease: what follows belongs to it. */
  setFence(fence: number): void {
    if (fence === this.sent.fence) return;
    Object.assign(this.sent, { fence, part: 0 });
    this.lastState = '';
  }

  /** Sends what is new, the most needed first. Throws when the store cannot take it; the next call goes on there. */
  async carry(live: Live | undefined): Promise<void> {
    await this.carryLedger();
    if (live !== undefined) await this.carryState(live);
    await this.carryEvidence();
    await this.report.carry(this.sent.fence);
  }

  private async carryState(live: Live): Promise<void> {
    const { folder, store, room, publicKey, worker, submission } = this.options;
    const [text, resume, risk] = await Promise.all([
      readOwn(folder, 'room.json'),
      readOwn(folder, RESUME),
      readOwn(folder, RISK),
    ]);
    if (text === undefined) return;
    const state: Carried = { text, resume: resume ?? null, risk: risk ?? null, ...live };
    const { fence } = this.sent;
    const now = JSON.stringify({ fence, state });
    if (now === this.lastState) return;
    await putState(store, room, { fence, worker, submission }, state, publicKey);
    this.lastState = now;
  }

  /** Once the engine has ended: all that it has written. */
  async carryRest(): Promise<void> {
    await this.carryLedger();
    await this.carryEvidence();
    await this.report.carry(this.sent.fence, { now: true });
  }

  private async carryLedger(): Promise<void> {
    const { folder } = this.options;
    const current = join(folder, LEDGER);
    for (;;) {
      const inode = await inodeOf(current);
      if (inode === 0) return;
      if (this.sent.inode === 0) this.sent.inode = inode;
      const file = inode === this.sent.inode ? current : await fileWith(join(folder, RECORDS), this.sent.inode);
      if (file !== undefined) while (await this.sendPart(file)) await this.note();
      if (inode === this.sent.inode) return;
      // The file was full, and a new one has begun.
      Object.assign(this.sent, { inode, offset: 0 });
    }
  }

  private async sendPart(file: string): Promise<boolean> {
    const handle = await open(file, 'r').catch(() => undefined);
    if (handle === undefined) return false;
    try {
      const { size } = await handle.stat();
      if (size <= this.sent.offset) return false;
      const bytes = Buffer.alloc(Math.min(MAX_PART, size - this.sent.offset));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.sent.offset);
      const whole = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1;
      if (whole === 0) return false;
      const { room, store } = this.options;
      await store.put(ledgerKey(room, this.sent.fence, this.sent.part), bytes.subarray(0, whole));
      this.sent.part += 1;
      this.sent.offset += whole;
      return true;
    } finally {
      await handle.close();
    }
  }

  private async carryEvidence(): Promise<void> {
    const { folder, store, room } = this.options;
    const names = await readdir(join(folder, EVIDENCE)).catch(() => [] as string[]);
    for (const name of names) {
      if (name.endsWith('.tmp') || this.sent.evidence.includes(name)) continue;
      const bytes = await readFile(join(folder, EVIDENCE, name)).catch(() => undefined);
      if (bytes === undefined) continue;
      await store.put(evidenceKey(room, name), bytes);
      this.sent.evidence = [...this.sent.evidence.filter((one) => names.includes(one)), name];
      await this.note();
    }
  }

  private async note(): Promise<void> {
    // A full disk: what was sent may be sent twice, which replaces it.
    await replaceFile(join(this.options.folder, SENT), JSON.stringify(this.sent)).catch(() => undefined);
  }
}

const inodeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ ino }) => ino,
    () => 0,
  );

async function fileWith(folder: string, inode: number): Promise<string | undefined> {
  for (const name of await readdir(folder).catch(() => [] as string[]))
    if (name.endsWith('.jsonl') && (await inodeOf(join(folder, name))) === inode) return join(folder, name);
  return undefined;
}
