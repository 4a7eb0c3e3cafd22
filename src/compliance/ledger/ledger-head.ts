import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { EndLine } from './ledger-end.js';
import type { LedgerLine } from './ledger-line.js';

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
