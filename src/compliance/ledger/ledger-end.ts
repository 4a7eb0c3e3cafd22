import { Chain } from './chain.js';
import { hashLine, type LedgerLine, parseLine } from './ledger-line.js';

export interface EndLine {
  readonly record: LedgerLine;
  readonly hash: string;
}

export interface LedgerEnd {
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
