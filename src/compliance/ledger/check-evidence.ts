import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { FileFault, readRegularFile } from '../../core/files/regular-file.js';
import type { EvidenceFile } from '../../core/verdict.js';

/** Pictures and seconds of sound; far less as a rule. */
const MAX_EVIDENCE_BYTES = 256 * 1024 * 1024;

export type EvidenceState = 'whole' | 'gone' | 'changed';

/** Path of a piece of evidence. A name that leads elsewhere is not ours and gives undefined. */
export function evidencePath(ledgerFile: string, { name }: Pick<EvidenceFile, 'name'>): string | undefined {
  return /^[^/\\]+-evidence\/[0-9a-f]{64}\.[a-z0-9]+$/.test(name) ? join(dirname(ledgerFile), name) : undefined;
}

/** Compares a piece of evidence with the ledger's hash; `gone` files were removed by the budget or the retention. */
export async function checkEvidence(ledgerFile: string, file: EvidenceFile): Promise<EvidenceState> {
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
