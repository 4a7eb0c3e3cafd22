import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvidenceFile } from '../../core/verdict.js';

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
    const content = await readFile(path);
    return createHash('sha256').update(content).digest('hex') === file.sha256 ? 'whole' : 'changed';
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw e;
  }
}
