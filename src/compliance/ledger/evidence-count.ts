import type { VerdictRecord } from '../../config/api/room-handle.js';
import type { LedgerPlace } from './ledger-snapshot.js';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import type { EvidenceFile } from '../../core/verdict.js';

/** The state of the evidence that a ledger names. */
export interface EvidenceFound {
  /** Present and unchanged. */
  readonly whole: number;
  /** Removed since, by budget or age. */
  readonly gone: number;
  /** Never written, according to a later line. */
  readonly unwritten: number;
  /** Changed or unreadable. */
  readonly changed: readonly LedgerPlace[];
}

/** Action of the ledger line that reports an unwritten piece of evidence. */
export const NOT_KEPT = 'not-kept';

/** Pictures and seconds of sound; far less as a rule. */
const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

export type EvidenceState = 'whole' | 'gone' | 'changed';

/** Path of a piece of evidence. A name that leads elsewhere is not ours and gives undefined. */
export function evidencePath(ledgerFile: string, { name }: Pick<EvidenceFile, 'name'>): string | undefined {
  return /^[^/\\]+-evidence\/[0-9a-f]{64}\.[a-z0-9]+$/.test(name) ? join(dirname(ledgerFile), name) : undefined;
}

/** Compares a piece of evidence with the ledger's hash; `gone` files were removed by the budget or the retention. */
async function checkEvidence(ledgerFile: string, file: EvidenceFile): Promise<EvidenceState> {
  const path = evidencePath(ledgerFile, file);
  if (path === undefined) return 'changed';
  try {
    const content = await readRegularFile(path, { maxBytes: MAX_EVIDENCE_BYTES });
    return createHash('sha256').update(content).digest('hex') === file.sha256 ? 'whole' : 'changed';
  } catch (e) {
    if (!(e instanceof FileFault)) throw e;
    // A link, a pipe or a device in its place is not what the engine wrote.
    if (e.code === 'missing') return 'gone';
    if (e.code === 'unreadable') throw e;
    return 'changed';
  }
}

/** Counts the evidence by state; each file is checked once, however many lines name it. */
export class EvidenceCount {
  private readonly seen = new Map<string, EvidenceState>();
  private readonly unwritten = new Set<string>();
  private readonly changed: LedgerPlace[] = [];

  constructor(private readonly ledgerFile: string) {}

  count(): EvidenceFound {
    const count = { whole: 0, gone: 0, unwritten: 0 };
    for (const [key, state] of this.seen) {
      if (state === 'gone') count[this.unwritten.has(key) ? 'unwritten' : 'gone'] += 1;
      else if (state === 'whole') count.whole += 1;
    }
    return { ...count, changed: this.changed };
  }

  async take({ file, action }: VerdictRecord, at: LedgerPlace): Promise<void> {
    if (file === undefined) return;
    const key = `${file.name} ${file.sha256}`;
    if (action === NOT_KEPT) return void this.unwritten.add(key);
    if (this.seen.has(key)) return;
    const state = await checkEvidence(this.ledgerFile, file);
    this.seen.set(key, state);
    if (state === 'changed') this.changed.push(at);
  }
}
