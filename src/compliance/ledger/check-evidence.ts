import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvidenceFile } from '../../core/verdict.js';

export type EvidenceState = 'whole' | 'gone' | 'changed';

/** Where a piece of evidence stands. A name that would lead elsewhere gives undefined: it was not ours. */
export function evidencePath(ledgerFile: string, { name }: Pick<EvidenceFile, 'name'>): string | undefined {
  return /^[^/\\]+-evidence\/[0-9a-f]{64}\.[a-z0-9]+$/.test(name) ? join(dirname(ledgerFile), name) : undefined;
}

/** Whether a piece of evidence is there as the ledger names it; `gone` is what the budget does in time. */
export async function checkEvidence(ledgerFile: string, file: EvidenceFile): Promise<EvidenceState> {
  const path = evidencePath(ledgerFile, file);
  if (path === undefined) return 'changed';
  try {
    const content = await readFile(path);
    return createHash('sha256').update(content).digest('hex') === file.sha256 ? 'whole' : 'changed';
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw e;
  }
}
