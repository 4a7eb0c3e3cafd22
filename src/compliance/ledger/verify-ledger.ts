import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../../core/errors.js';
import type { VerdictRecord } from '../../core/room-handle.js';
import type { EvidenceFile } from '../../core/verdict.js';
import { checkEvidence } from './check-evidence.js';
import { fullFiles } from './ledger-files.js';
import { GENESIS, hashLine, type LedgerLine, parseLine } from './ledger-line.js';

export interface LedgerPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface LedgerCheck {
  readonly ok: boolean;
  readonly files: number;
  readonly records: number;
  /** Lines that a crash cut off and that the line after them names. */
  readonly torn: readonly LedgerPlace[];
  /** Files of evidence that the lines name: as named, removed since (by their budget), and changed or not readable. */
  readonly evidence: { readonly whole: number; readonly gone: number; readonly changed: readonly LedgerPlace[] };
  /** Where the chain breaks first, and how. */
  readonly broken?: LedgerPlace & { readonly reason: string };
}

interface Line extends LedgerPlace {
  /** A line that was cut off may end inside a character, so its hash is over its bytes. */
  readonly bytes: Buffer;
}

async function* linesOf(file: string): AsyncGenerator<Line> {
  const files = await fullFiles(file);
  if (await exists(file)) files.push(file);
  if (files.length === 0) {
    const todo = 'give the path of a ledger (`compliance.ledger` in the room file)';
    throw new EngineError('E_NOT_FOUND', { where: file, expected: 'a ledger', found: 'no file', todo });
  }
  for (const path of files) {
    // A file is closed at 16 MiB, so it is read whole.
    const bytes = await readFile(path);
    let line = 0;
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(10, from);
      const to = end < 0 ? bytes.length : end;
      line += 1;
      yield { file: path, line, bytes: bytes.subarray(from, to) };
      from = to + 1;
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw e;
  }
}

/**
 * Follows the hash chain through all files of a ledger, oldest first, and names the first line at which it
 * breaks. What no chain can show is that its very end was cut off. Evidence that is there is held against
 * the hash in its line; evidence that is gone is counted, as its size budget removes the oldest.
 */
export async function verifyLedger(file: string): Promise<LedgerCheck> {
  const torn: LedgerPlace[] = [];
  const files = new Set<string>();
  let records = 0;
  let last = GENESIS;
  let lastSeq: number | undefined;
  let pending: Line | undefined;
  const evidence = new EvidenceCount(file);
  const broken = (at: LedgerPlace, reason: string): LedgerCheck => {
    return {
      ok: false,
      files: files.size,
      records,
      torn,
      evidence: evidence.count(),
      broken: { file: at.file, line: at.line, reason },
    };
  };
  for await (const at of linesOf(file)) {
    files.add(at.file);
    const record = parseLine(at.bytes.toString('utf8'));
    if (record === undefined) {
      if (pending !== undefined) return broken(pending, 'not a record, and no later line says that it was cut off');
      pending = at;
      continue;
    }
    const reason = pending === undefined ? faultOf(record, last, lastSeq, records) : tornFault(record, pending, last);
    if (reason !== undefined) return broken(pending ?? at, reason);
    if (pending !== undefined) torn.push({ file: pending.file, line: pending.line });
    pending = undefined;
    if (record.file !== undefined) await evidence.take(record.file, { file: at.file, line: at.line });
    last = hashLine(at.bytes);
    lastSeq = record.seq;
    records += 1;
  }
  if (pending !== undefined) return broken(pending, 'not a record, and no later line says that it was cut off');
  const found = evidence.count();
  return { ok: found.changed.length === 0, files: files.size, records, torn, evidence: found };
}

/** What became of the evidence; each file is looked at once, however many lines name it. */
class EvidenceCount {
  private readonly states = { whole: 0, gone: 0 };
  private readonly changed: LedgerPlace[] = [];
  private readonly seen = new Set<string>();

  constructor(private readonly ledgerFile: string) {}

  count(): LedgerCheck['evidence'] {
    return { ...this.states, changed: this.changed };
  }

  async take(file: EvidenceFile, at: LedgerPlace): Promise<void> {
    const key = `${file.name} ${file.sha256}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const state = await checkEvidence(this.ledgerFile, file);
    if (state === 'changed') this.changed.push(at);
    else this.states[state] += 1;
  }
}

function faultOf(record: LedgerLine, last: string, lastSeq: number | undefined, records: number): string | undefined {
  if (record.prev !== last) {
    // Old files may have been removed by retention: then the first line says what it goes on from.
    if (records === 0 && record.continues !== undefined) return undefined;
    return 'the hash of the line before does not agree: one of the two was changed, removed or added';
  }
  if (lastSeq !== undefined && record.seq !== lastSeq + 1) return `number ${record.seq} follows number ${lastSeq}`;
  return undefined;
}

function tornFault(record: LedgerLine, torn: Line, last: string): string | undefined {
  if (record.torn === undefined) return 'not a record, and the next line does not say that it was cut off';
  if (record.torn.after !== last || record.prev !== hashLine(torn.bytes))
    return 'a cut-off line that is not the one named';
  return undefined;
}

export interface LedgerFilter {
  /** Rule id, such as `3.3`. */
  readonly rule?: string;
  /** Unix time in milliseconds; earlier records are left out. */
  readonly sinceMs?: number;
  /** Called for every line that is read, with whether it is a record. */
  onLine?(isRecord: boolean): void;
}

/** The records of all files of a ledger, oldest first. Lines that are no records are left out. */
export async function* readLedger(file: string, filter: LedgerFilter = {}): AsyncGenerator<VerdictRecord> {
  for await (const { bytes } of linesOf(file)) {
    const line = parseLine(bytes.toString('utf8'));
    filter.onLine?.(line !== undefined);
    if (line === undefined) continue;
    if (filter.rule !== undefined && line.rule !== filter.rule) continue;
    if (filter.sinceMs !== undefined && Date.parse(line.at) < filter.sinceMs) continue;
    const { prev: _prev, torn: _torn, continues: _continues, ...record } = line;
    yield record;
  }
}

/** A place in words: `ledger.jsonl:12`. */
export const placeInWords = (place: LedgerPlace): string => `${basename(place.file)}:${place.line}`;
