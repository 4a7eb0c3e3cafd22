import { createHash } from 'node:crypto';
import { maskUrl } from '../../core/secrets.js';
import type { VerdictRecord } from '../../config/api/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';

/** A record waiting to be written. */
export interface QueuedRecord {
  readonly record: VerdictRecord;
  /** Number of unwritten lines before it. */
  readonly lost?: number;
}

/** `prev` of the first line of a ledger. */
export const GENESIS = '0'.repeat(64);
const EVIDENCE_CHARACTERS = 200;

/** One line as stored in the file. */
export interface LedgerLine extends VerdictRecord {
  /** SHA-256 of the line before, in hex, over its bytes without the newline. */
  readonly prev: string;
  /**
   * The line before, or the `lines` lines before, were truncated by a crash. They stay in the file. `after` is the hash
   * of the last whole line before them, so that the chain can be followed across; `prev` covers all their bytes.
   */
  readonly torn?: { readonly after: string; readonly bytes: number; readonly lines?: number };
  /** First line of a file that continues this full file; `nothing` when retention had removed all files. */
  readonly continues?: string;
  /** Number of lines before it that could not be written; their numbers are skipped. */
  readonly lost?: number;
  /** The ledger did not match its head: the head's claim, null when it was unreadable, and the finding. */
  readonly unlike?: { readonly said: { readonly seq: number; readonly hash: string } | null; readonly why: string };
  /** From here on the ledger has a head beside it. On the first line of a run and of a file. */
  readonly headed?: true;
}

/** The `headed` mark as stored in a line; quotes inside texts are escaped, so no text can imitate it. */
export const HEADED = ',"headed":true,';

/** Marks of the chain; they are not part of the verdict. */
export type LineMarks = Pick<LedgerLine, 'torn' | 'continues' | 'lost' | 'unlike' | 'headed'>;

/** The verdict without the marks of the chain. */
export function toRecord({
  prev: _prev,
  torn: _torn,
  continues: _continues,
  lost: _lost,
  unlike: _unlike,
  headed: _headed,
  ...record
}: LedgerLine): VerdictRecord {
  return record;
}

/**
 * Lines of text that continue a position in the chain, and the position after them. The marks belong to the first line.
 */
export function chainLines(
  batch: readonly QueuedRecord[],
  from: { readonly seq: number; readonly hash: string },
  marks: LineMarks,
): { text: string; at: { seq: number; hash: string } } {
  const at = { ...from };
  let text = '';
  batch.forEach(({ record: { seq, at: time, ...entry }, lost }, i) => {
    const own = { ...(i === 0 ? marks : {}), ...(lost === undefined ? {} : { lost }) };
    const line = JSON.stringify({ seq, at: time, prev: at.hash, ...own, ...entry });
    at.hash = hashLine(line);
    at.seq = seq;
    text += `${line}\n`;
  });
  return { text, at };
}

export const hashLine = (line: string | Buffer): string => createHash('sha256').update(line).digest('hex');

// Stream addresses carry their key in the path, whoever passes them in.
const maskText = (text: string): string => text.replace(/\brtmps?:\/\/\S+/gi, (url) => maskUrl(url));

/** Masks secrets in the record and cuts its evidence. */
export function cleanEntry(entry: LedgerEntry): LedgerEntry {
  const { evidence, detail } = entry;
  if (evidence === undefined && detail === undefined) return entry;
  const clean: { -readonly [K in keyof LedgerEntry]: LedgerEntry[K] } = { ...entry };
  if (evidence !== undefined) clean.evidence = maskText(evidence).slice(0, EVIDENCE_CHARACTERS);
  if (detail !== undefined) {
    const masked = Object.entries(detail).map(([k, v]) => [k, typeof v === 'string' ? maskText(v) : v] as const);
    clean.detail = Object.fromEntries(masked);
  }
  return clean;
}

/** Parses a line; undefined when it is not a record. */
export function parseLine(line: string): LedgerLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { seq, at, prev, kind, action } = value as Partial<LedgerLine>;
    const whole = Number.isInteger(seq) && [at, prev, kind, action].every((field) => typeof field === 'string');
    return whole ? (value as LedgerLine) : undefined;
  } catch {
    return undefined;
  }
}
