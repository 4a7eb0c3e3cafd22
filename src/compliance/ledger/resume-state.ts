import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LedgerEntry } from '../../core/verdict.js';
import {
  findEnd,
  GENESIS,
  hashLine,
  HEADED,
  isEmptied,
  type LedgerHead,
  type LedgerLine,
  type LineMarks,
  readHead,
  unlikeHead,
} from './ledger-line.js';
import { firstRecord, fullFileNumber, fullFiles, type LedgerFile } from './ledger-file.js';

/** The state from which a ledger continues. */
export interface ResumeState {
  /** The last records, oldest first. */
  readonly records: readonly LedgerLine[];
  readonly at: { seq: number; hash: string };
  /** Number of the next line. */
  readonly seq: number;
  /** The first record of the current file. */
  readonly oldest: LedgerLine | undefined;
  /** The file's last newline is missing. */
  readonly lineOpen: boolean;
  /** Marks for the next line. */
  readonly marks: LineMarks;
  /** Notes for the ledger about the findings. */
  readonly notes: readonly LedgerEntry[];
  /** Content of the head. */
  readonly head: Pick<LedgerHead, 'first' | 'last'>;
  /** Whether a head exists; `never`: nor does any line mention one. */
  readonly headed: 'yes' | 'no' | 'never';
  /** Number of the newest full file. */
  readonly full: number;
}

/** Finds the end of the chain in a ledger's files and compares it with the head. Writes nothing. */
export async function readResumeState(file: LedgerFile, keep: number): Promise<ResumeState> {
  const read = await readHead(file.path);
  const head = typeof read === 'object' ? read : undefined;
  const syncedSeq = head && (head.last?.seq ?? -1);
  const full = await fullFiles(file.path);
  const before = full.at(-1);
  const bytes = await file.read();
  const { lines: own, tail, ended } = findEnd(bytes, syncedSeq, keep);
  let [lines, marked] = [own, bytes.includes(HEADED)];
  const marks: { -readonly [K in keyof LineMarks]: LineMarks[K] } = {};
  if (own.length === 0 && before !== undefined) {
    // A crash happened between closing the full file and the first line of this one.
    const previous = await readFile(before);
    lines = findEnd(previous, syncedSeq, keep).lines;
    marked ||= previous.includes(HEADED);
    marks.continues = basename(before);
  }
  const newest = lines.at(-1);
  // Retention has removed everything: only the head knows the hash that the next line follows.
  const emptied = bytes.length === 0 && before === undefined && isEmptied(head) ? head.last : undefined;
  if (emptied !== undefined) marks.continues = 'nothing';
  const at = emptied ?? { seq: newest?.record.seq ?? -1, hash: newest?.hash ?? GENESIS };
  const last = at.seq < 0 ? null : { ...at };
  const notes: LedgerEntry[] = [];
  if (tail !== undefined) {
    const { length } = tail.bytes;
    marks.torn = { after: at.hash, bytes: length, ...(tail.lines === 1 ? {} : { lines: tail.lines }) };
    at.hash = hashLine(tail.bytes);
    notes.push({ kind: 'room', action: 'ledger-torn', detail: { bytes: length, lines: tail.lines } });
  }
  const odd = emptied === undefined ? unlikeHead(read, lines, marked) : undefined;
  if (odd !== undefined) {
    marks.unlike = odd;
    notes.push({ kind: 'room', action: 'ledger-unlike-head', detail: { found: odd.why } });
  }
  const oldestSeq = (await firstRecord(full[0] ?? file.path))?.seq ?? 0;
  return {
    records: lines.map(({ record }) => record),
    at,
    seq: Math.max(at.seq, syncedSeq ?? -1) + 1,
    oldest: own.length === 0 ? undefined : await firstRecord(file.path),
    lineOpen: !ended,
    marks,
    notes,
    head: { first: head?.first ?? (oldestSeq === 0 ? { seq: 0 } : { seq: oldestSeq, why: 'found' }), last },
    headed: head !== undefined ? 'yes' : odd === undefined ? 'never' : 'no',
    full: before === undefined ? 0 : fullFileNumber(before),
  };
}
