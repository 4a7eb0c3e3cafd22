import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { type LedgerLine, Chain, hashLine, parseLine } from './ledger-line.js';

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
