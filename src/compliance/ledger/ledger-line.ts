import { createHash } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import type { VerdictRecord } from '../../config/api/room-handle.js';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { maskUrl } from '../../core/secrets.js';
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

/** A position in a chain: after this line. */
interface ChainPlace {
  /** SHA-256 of the line, in hex; undefined when unknown, as at the beginning of a later file. */
  readonly hash: string | undefined;
  readonly seq: number | undefined;
}

interface ChainStep {
  readonly record: LedgerLine;
  /** Number of truncated lines before it that it names. */
  readonly torn: number;
}

const NOT_NAMED = 'not a record, and no later line declares it truncated';
const NEWLINE = Buffer.from('\n');

/**
 * Follows the lines of a ledger one by one. A line that does not follow is held back: a later line may declare it
 * truncated by a crash, together with all lines since the last whole one. Lines held back at the end break the chain.
 */
export class Chain {
  private readonly waiting: Buffer[] = [];
  /** Why the first held-back line does not follow. */
  reason: string | undefined;

  constructor(private at: ChainPlace = { hash: GENESIS, seq: undefined }) {}

  get hash(): string | undefined {
    return this.at.hash;
  }

  /** Number of held-back lines. */
  get loose(): number {
    return this.waiting.length;
  }

  /** Takes the next line, without its newline; undefined while it is held back. */
  take(line: Buffer): ChainStep | undefined {
    const record = parseLine(line.toString('utf8'));
    const reason = record === undefined ? NOT_NAMED : this.faultOf(record);
    if (record === undefined || reason !== undefined) {
      if (this.reason === undefined || this.reason === NOT_NAMED) this.reason = reason;
      this.waiting.push(line);
      return undefined;
    }
    const torn = this.waiting.length;
    this.waiting.length = 0;
    this.reason = undefined;
    this.at = { hash: hashLine(line), seq: record.seq };
    return { record, torn };
  }

  private faultOf(record: LedgerLine): string | undefined {
    const { hash, seq } = this.at;
    // Retention may have removed older files: then the first line names the file that it continues.
    const free = hash === undefined || (seq === undefined && record.continues !== undefined);
    if (this.waiting.length > 0) {
      if (record.torn === undefined) return 'not a record, and the next line does not declare it truncated';
      const bytes = Buffer.concat(this.waiting.flatMap((line, i) => (i === 0 ? [line] : [NEWLINE, line])));
      const named = (record.torn.lines ?? 1) === this.waiting.length && record.prev === hashLine(bytes);
      if (!named || !(free || record.torn.after === hash)) return 'a truncated line other than the named one';
    } else if (record.prev !== hash && !free) {
      return 'the hash of the line before does not match: one of the two was changed, removed or added';
    }
    if (seq === undefined) return undefined;
    const next = seq + 1 + (record.lost ?? 0);
    if (record.unlike === undefined ? record.seq === next : record.seq >= next) return undefined;
    return `number ${record.seq} follows number ${seq}`;
  }
}

const MAX_HEAD_BYTES = 64 * 1024;
const count = z.int().min(0);
const ledgerHead = z.strictObject({
  version: z.literal(1),
  /** The newest line known to be on disk: its number, and its SHA-256 in hex; null before the first. */
  last: z.strictObject({ seq: count, hash: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  /**
   * The oldest line that must exist. `retention`: earlier lines were removed when they were older than `days`; `found`:
   * earlier lines were missing when the head was created.
   */
  first: z.strictObject({ seq: count, why: z.enum(['retention', 'found']).optional(), days: count.optional() }),
});

/**
 * Where a ledger must begin and end, which its chain alone cannot show. A small file beside the ledger, replaced after
 * each synced batch of lines: it may be behind the ledger by the lines of a crash, never ahead of it.
 */
export type LedgerHead = z.infer<typeof ledgerHead>;

/** `ledger.jsonl` → `ledger.head.json`. */
export const headFile = (ledgerFile: string): string =>
  join(dirname(ledgerFile), `${basename(ledgerFile, extname(ledgerFile))}.head.json`);

/** Undefined without a head, as for older ledgers. */
export async function readHead(ledgerFile: string): Promise<LedgerHead | undefined | 'damaged'> {
  let text: string;
  try {
    text = (await readRegularFile(headFile(ledgerFile), { maxBytes: MAX_HEAD_BYTES })).toString('utf8');
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    if (error.code === 'missing') return undefined;
    if (error.code === 'unreadable') throw error;
    return 'damaged';
  }
  try {
    return ledgerHead.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

export function writeHead(ledgerFile: string, head: LedgerHead): Promise<void> {
  const file = headFile(ledgerFile);
  return replaceFile(file, `${JSON.stringify(head)}\n`, { draft: `${file}.tmp` });
}

/** Whether retention has removed all lines. */
export const isEmptied = (
  head: LedgerHead | undefined,
): head is LedgerHead & { last: NonNullable<LedgerHead['last']> } =>
  head !== undefined && head.last !== null && head.first.seq > head.last.seq;

interface EndLine {
  readonly record: LedgerLine;
  readonly hash: string;
}

interface LedgerEnd {
  /** The last records of the chain, oldest first. */
  readonly lines: readonly EndLine[];
  /** Bytes after the chain: lines truncated by a crash that no line names yet, without their last newline. */
  readonly tail: { readonly bytes: Buffer; readonly lines: number } | undefined;
  /** False when the last newline is missing. */
  readonly ended: boolean;
}

/**
 * Finds the end of the chain in a file of a ledger.
 *
 * Problem: a crash or power cut leaves half a line, zeros, a batch without its middle, or half of an earlier recovery.
 * Rule: lines up to the head's number (`syncedSeq`) were synced and belong to the ledger whatever they contain. After
 * them the chain ends before the first line that does not follow. Without a head all valid records count.
 */
export function findEnd(bytes: Buffer, syncedSeq: number | undefined, keep: number): LedgerEnd {
  const ended = bytes.length === 0 || bytes[bytes.length - 1] === 10;
  const behind: { from: number; line: Buffer; record: LedgerLine | undefined }[] = [];
  let synced = -1;
  let to = ended ? bytes.length - 1 : bytes.length;
  while (to >= 0 && (synced < 0 || behind.length - synced <= keep)) {
    const from = to === 0 ? 0 : bytes.lastIndexOf(10, to - 1) + 1;
    const line = bytes.subarray(from, to);
    const record = parseLine(line.toString('utf8'));
    behind.push({ from, line, record });
    if (synced < 0 && record !== undefined && record.seq <= (syncedSeq ?? Infinity)) synced = behind.length - 1;
    to = from - 1;
  }
  const lines: EndLine[] = [];
  const found = behind.reverse();
  const safe = synced < 0 ? 0 : found.length - synced;
  for (const { line, record } of found.slice(0, safe)) {
    if (record !== undefined) lines.push({ record, hash: hashLine(line) });
  }
  const last = lines.at(-1);
  const chain = new Chain({ hash: last?.hash, seq: last?.record.seq });
  let from: number | undefined;
  for (const next of found.slice(safe)) {
    const step = chain.take(next.line);
    if (step === undefined) {
      from ??= next.from;
      continue;
    }
    lines.push({ record: step.record, hash: chain.hash! });
    from = undefined;
  }
  if (from === undefined) return { lines, tail: undefined, ended };
  const tail = { bytes: bytes.subarray(from, ended ? bytes.length - 1 : bytes.length), lines: chain.loose };
  return { lines, tail, ended };
}

/** Compares the last lines of a ledger with its head; `marked` when they say that a head existed. */
export function unlikeHead(
  head: LedgerHead | undefined | 'damaged',
  lines: readonly EndLine[],
  marked: boolean,
): LedgerLine['unlike'] {
  if (head === 'damaged') return { said: null, why: 'its head is damaged' };
  if (head === undefined) return marked ? { said: null, why: 'its head is gone' } : undefined;
  const said = head.last;
  if (said === null) return undefined;
  const newest = lines.at(-1)?.record.seq;
  if (newest === undefined) return { said, why: `all lines up to #${said.seq} are gone` };
  if (newest < said.seq) return { said, why: `it ends at #${newest}, its head at #${said.seq}` };
  const there = lines.find(({ record }) => record.seq === said.seq);
  if (there === undefined || there.hash === said.hash) return undefined;
  return { said, why: `#${said.seq} is not the line that its head names` };
}
