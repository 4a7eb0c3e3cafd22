import { createHash } from 'node:crypto';
import { maskUrl } from '../../core/secrets.js';
import type { VerdictRecord } from '../../core/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';

/** A record that waits to be written. */
export interface QueuedRecord {
  readonly record: VerdictRecord;
  /** So many lines before it were not written. */
  readonly lost?: number;
}

/** `prev` of the first line of a ledger. */
export const GENESIS = '0'.repeat(64);
const EVIDENCE_CHARACTERS = 200;

/** One line as it stands in the file. */
export interface LedgerLine extends VerdictRecord {
  /** SHA-256 of the line before, in hex, over its bytes without the newline. */
  readonly prev: string;
  /**
   * The line before was cut off by a crash, or so many `lines` were. They stay where they are; `after` is the hash of
   * the last whole line before them, so that the chain can be followed across, and `prev` is over all their bytes.
   */
  readonly torn?: { readonly after: string; readonly bytes: number; readonly lines?: number };
  /** First line of a file that goes on where this one, full, ended; `nothing` when retention had removed them all. */
  readonly continues?: string;
  /** So many lines before it could not be written; their numbers are left out. */
  readonly lost?: number;
  /** The ledger was not the one that its head named: what the head said, null when it could not be read, and what was found. */
  readonly unlike?: { readonly said: { readonly seq: number; readonly hash: string } | null; readonly why: string };
  /** From here on the ledger has a head beside it. On the first line of a run and of a file. */
  readonly headed?: true;
}

/** How the `headed` mark stands in a line; quotes inside of a text are escaped, so no text looks like it. */
export const HEADED = ',"headed":true,';

/** Marks of the chain, none of which is part of what was judged. */
export type LineMarks = Pick<LedgerLine, 'torn' | 'continues' | 'lost' | 'unlike' | 'headed'>;

/** What was judged, without the marks of the chain. */
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

/** Lines of text that go on from a place in the chain, and the place behind them. The marks are the first line's. */
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

// Stream addresses carry their key in the path, whoever passes one in.
const maskText = (text: string): string => text.replace(/\brtmps?:\/\/\S+/gi, (url) => maskUrl(url));

/** The entry without secrets and with its evidence cut. */
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

/** A line as a record; undefined when it is not one. */
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
