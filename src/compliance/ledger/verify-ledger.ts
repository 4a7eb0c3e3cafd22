import { basename } from 'node:path';
import { EngineError } from '../../core/errors.js';
import type { VerdictRecord } from '../../config/api/room-handle.js';
import { Chain, type LedgerHead, type LedgerLine, parseLine, readHead, toRecord } from './ledger-line.js';
import { EvidenceCount, type EvidenceFound } from './evidence-count.js';
import { FileGone, type FileLine, ledgerLines, type LedgerPlace } from './ledger-snapshot.js';

interface HeadFault extends Partial<LedgerPlace> {
  readonly reason: string;
}

/**
 * Compares the lines of a ledger with its head: the first line, the line named as synced, and any recorded mismatch. A
 * ledger that never had a head passes.
 */
class HeadCheck {
  /** Number of the first line, when it is not 0. */
  begins: { seq: number; why: 'retention' | 'unknown' } | undefined;
  private readonly faults: HeadFault[] = [];
  private firstSeq: number | undefined;
  private lastSeq: number | undefined;
  private marked = false;
  private seen = false;

  constructor(private readonly head: LedgerHead | undefined | 'damaged') {}

  take(record: LedgerLine, hash: string, place: LedgerPlace): void {
    this.firstSeq ??= record.seq;
    this.lastSeq = record.seq;
    this.marked ||= record.headed === true;
    if (record.unlike !== undefined) {
      this.faults.push({ ...place, reason: `the engine found that the ledger had been changed: ${record.unlike.why}` });
    }
    const last = typeof this.head === 'object' ? this.head.last : null;
    if (last === null || record.seq !== last.seq) return;
    this.seen = true;
    if (hash === last.hash) return;
    this.faults.push({ ...place, reason: `#${last.seq} is not the line that the head names: it was changed` });
  }

  /** The mismatches; `whole` when all lines could be followed to the end. */
  end(whole: boolean): readonly HeadFault[] {
    const { head, firstSeq, lastSeq, faults } = this;
    if (head === 'damaged') return [...faults, { reason: 'the head beside the ledger is damaged' }];
    if (head === undefined) {
      if (firstSeq !== undefined && firstSeq > 0) this.begins = { seq: firstSeq, why: 'unknown' };
      return this.marked ? [...faults, { reason: 'the head beside the ledger is gone' }] : faults;
    }
    const { first, last } = head;
    const begins = firstSeq ?? (last === null ? 0 : last.seq + 1);
    if (begins > 0) this.begins = { seq: begins, why: first.why === 'retention' ? 'retention' : 'unknown' };
    const more: HeadFault[] = [];
    if (begins > first.seq) {
      more.push({ reason: `the oldest lines are gone: it begins at #${begins}, its head says at #${first.seq}` });
    }
    if (whole && last !== null && !this.seen && first.seq <= last.seq) {
      const ends = lastSeq === undefined ? 'it has no lines' : `it ends at #${lastSeq}`;
      more.push({ reason: `#${last.seq}, the newest line that its head names, is gone: ${ends}` });
    }
    return [...faults, ...more];
  }
}

export type { LedgerPlace } from './ledger-snapshot.js';

/** A remark about a line. */
interface LedgerNote extends LedgerPlace {
  readonly reason: string;
}

export interface LedgerCheck {
  readonly ok: boolean;
  readonly files: number;
  readonly records: number;
  /** Lines truncated by a crash and named by a later line. */
  readonly torn: readonly LedgerPlace[];
  readonly evidence: EvidenceFound;
  /** Remarks that are not faults: lines that could not be written, a restored file. */
  readonly notes: readonly LedgerNote[];
  /** Number of the first line, and why it is not 0. */
  readonly begins?: { readonly seq: number; readonly why: 'retention' | 'unknown' };
  /** Mismatches with the head beside the ledger, now or at an earlier resume. */
  readonly faults: readonly { readonly reason: string; readonly file?: string; readonly line?: number }[];
  /** The first break of the chain and its reason. */
  readonly broken?: LedgerNote;
}

type Head = Awaited<ReturnType<typeof readHead>>;

/** Retention may remove old files while they are read. */
const ATTEMPTS = 5;

/**
 * Follows the hash chain through all files of a ledger, oldest first, and reports the line where it first breaks; the
 * head beside it says where the chain must begin and end. Existing evidence is compared with the hash in its line.
 * Missing evidence is only counted, because budget and retention remove the oldest.
 */
export async function verifyLedger(file: string): Promise<LedgerCheck> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The head is read before the lines, because it is never ahead of the file.
      const head = await readHead(file);
      const check = await verifyOnce(file, head);
      if (check.ok || attempt === ATTEMPTS || beginOf(await readHead(file)) === beginOf(head)) return check;
    } catch (error) {
      if (!(error instanceof FileGone) || attempt === ATTEMPTS) throw error;
    }
  }
}

const beginOf = (head: Head): number | undefined => (typeof head === 'object' ? head.first.seq : undefined);

async function verifyOnce(file: string, said: Head): Promise<LedgerCheck> {
  const head = new HeadCheck(said);
  const evidence = new EvidenceCount(file);
  const files = new Set<string>();
  const torn: LedgerPlace[] = [];
  const notes: LedgerNote[] = [];
  let records = 0;
  const chain = new Chain();
  let loose: LedgerPlace[] = [];
  const check = (broken?: LedgerNote): LedgerCheck => {
    const found = evidence.count();
    const faults = head.end(broken === undefined);
    const ok = broken === undefined && faults.length === 0 && found.changed.length === 0;
    const { begins } = head;
    return {
      ok,
      files: files.size,
      records,
      torn,
      evidence: found,
      notes,
      faults,
      ...(begins === undefined ? {} : { begins }),
      ...(broken === undefined ? {} : { broken }),
    };
  };
  const broken = (): LedgerCheck => check({ ...loose[0]!, reason: chain.reason! });
  for await (const at of ledgerLines(file)) {
    // Truncated lines are named within their own file.
    if (!files.has(at.file) && loose.length > 0) return broken();
    files.add(at.file);
    const place = { file: at.file, line: at.line };
    const step = chain.take(at.bytes);
    if (step === undefined) {
      loose.push(place);
      continue;
    }
    torn.push(...loose);
    loose = [];
    const { record } = step;
    head.take(record, chain.hash!, place);
    const note = noteOf(record);
    if (note !== undefined) notes.push({ ...place, reason: note });
    await evidence.take(record, place);
    records += 1;
  }
  return loose.length > 0 ? broken() : check();
}

function noteOf({ lost, action, kind, detail }: LedgerLine): string | undefined {
  if (lost !== undefined) return `${lost} lines before it were lost while the disk refused them`;
  if (kind !== 'room' || action !== 'ledger-restored') return undefined;
  const kept = detail?.['kept'];
  const what = kept === undefined ? '' : `; the file found in its place is kept as ${String(kept)}`;
  return `the ledger file was removed or replaced while in use, and was restored${what}`;
}

export interface LedgerFilter {
  /** Rule id, such as `3.3`. */
  readonly rule?: string;
  /** Unix time in milliseconds; earlier records are left out. */
  readonly sinceMs?: number;
  /** Called for every line read, with whether it is a record. */
  onLine?(isRecord: boolean): void;
}

/** The records of all files of a ledger, oldest first. Other lines are skipped. */
export async function* readLedger(file: string, filter: LedgerFilter = {}): AsyncGenerator<VerdictRecord> {
  for await (const { bytes } of linesOnce(file)) {
    const line = parseLine(bytes.toString('utf8'));
    filter.onLine?.(line !== undefined);
    if (line === undefined) continue;
    if (filter.rule !== undefined && line.rule !== filter.rule) continue;
    if (filter.sinceMs !== undefined && Date.parse(line.at) < filter.sinceMs) continue;
    yield toRecord(line);
  }
}

async function* linesOnce(file: string): AsyncGenerator<FileLine> {
  try {
    yield* ledgerLines(file);
  } catch (cause) {
    if (!(cause instanceof FileGone)) throw cause;
    const found = 'a file removed by retention';
    throw new EngineError('E_LEDGER', {
      where: file,
      expected: 'all files of the ledger',
      found,
      todo: 'try again',
      cause,
    });
  }
}

/** A position in words: `ledger.jsonl:12`. */
export const placeInWords = (place: LedgerPlace): string => `${basename(place.file)}:${place.line}`;
