import { open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../core/files/replace-file.js';
import { type LedgerLine, parseLine } from './ledger-line.js';

const DAY_MS = 86_400_000;
/** Maximum time for which one file is written to, in days, and as a share of the retention period. */
const FILE_DAYS = 30;
const FILE_SHARE = 1 / 4;
/** Larger than the longest line. */
const READ_BYTES = 64 * 1024;

/** The first record of a file; undefined when there is none near its beginning. */
export async function firstRecord(file: string): Promise<LedgerLine | undefined> {
  for (const line of (await partOf(file, 'beginning')).split('\n')) {
    const record = parseLine(line);
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Wall time in ms of the newest record of a file; of its last change when it has no record. */
async function newestMs(file: string): Promise<number> {
  for (const line of (await partOf(file, 'end')).split('\n').reverse()) {
    const at = Date.parse(parseLine(line)?.at ?? '');
    if (!Number.isNaN(at)) return at;
  }
  return (await stat(file)).mtimeMs;
}

/** The leading full files of a ledger, oldest first, without a line newer than the limit. */
async function pastFiles(files: readonly string[], limitMs: number): Promise<string[]> {
  const past: string[] = [];
  for (const file of files) {
    if (!((await newestMs(file)) < limitMs)) break;
    past.push(file);
  }
  return past;
}

async function partOf(file: string, which: 'beginning' | 'end'): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, READ_BYTES));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, which === 'end' ? size - bytes.length : 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

export interface RetireOptions {
  /** Full files, oldest first. */
  readonly files: readonly string[];
  /** Files with a newer line stay, and all files after them. */
  readonly limitMs: number;
  /** Number of the first remaining line when all files are removed. */
  readonly seqBehind: number;
  /** Called before the removal with the number of the first remaining line. */
  readonly before: (seq: number) => Promise<void>;
}

/** Removes expired full files; resolves with their names. */
export async function retireFiles({ files, limitMs, seqBehind, before }: RetireOptions): Promise<readonly string[]> {
  const past = await pastFiles(files, limitMs);
  if (past.length === 0) return past;
  const next = files[past.length];
  const seq = next === undefined ? seqBehind : (await firstRecord(next))?.seq;
  if (seq === undefined) throw new Error(`${next} contains no record`);
  await before(seq);
  for (const file of past) await unlink(file);
  await syncFolder(dirname(past[0]!));
  return past;
}

/**
 * Whether a file whose first line is from `oldest` must be closed, so that its lines do not outlive their retention by
 * much.
 */
export function isAged(oldest: string | undefined, now: Date, days: number): boolean {
  return oldest !== undefined && now.getTime() - Date.parse(oldest) > Math.min(FILE_DAYS, days * FILE_SHARE) * DAY_MS;
}
