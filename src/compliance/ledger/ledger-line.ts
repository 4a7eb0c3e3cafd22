import { createHash } from 'node:crypto';
import { maskUrl } from '../../core/secrets.js';
import type { VerdictRecord } from '../../core/room-handle.js';
import type { LedgerEntry } from '../../core/verdict.js';

/** `prev` of the first line of a ledger. */
export const GENESIS = '0'.repeat(64);
const EVIDENCE_CHARACTERS = 200;

/** One line as it stands in the file. */
export interface LedgerLine extends VerdictRecord {
  /** SHA-256 of the line before, in hex, over its bytes without the newline. */
  readonly prev: string;
  /**
   * The line before was cut off by a crash. It stays where it is; `after` is the hash of the last whole
   * line before it, so that the chain can be followed across.
   */
  readonly torn?: { readonly after: string; readonly bytes: number };
  /** First line of a file that goes on where this one, full, ended. */
  readonly continues?: string;
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
