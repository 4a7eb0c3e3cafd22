import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import type { FleetKey } from '../fleet-key.js';
import type { ObjectStore } from '../store/object-store.js';
import { EVIDENCE, evidenceFolder, latestReport, LEDGER, readLedgerParts, writeReport } from './room-report.js';

export interface FetchedRecords {
  readonly ledger: string;
  readonly evidence: number;
  /** For `engine report --store`; null before the first copy. */
  readonly store: string | null;
}

/**
 * What a room has recorded on all of its workers, also after its end: the ledger, evidence, and the store of its shows.
 *
 * @throws EngineError E_NOT_FOUND for a room that has recorded nothing
 */
export async function fetchRecords(
  store: ObjectStore,
  room: string,
  key: FleetKey,
  folder: string,
): Promise<FetchedRecords> {
  const [ledger, names, report] = await Promise.all([
    readLedgerParts(store, room),
    store.list(evidenceFolder(room)),
    latestReport(store, room, key),
  ]);
  if (ledger.length === 0 && names.length === 0 && report === undefined)
    throw new EngineError('E_NOT_FOUND', {
      where: `room ${room.slice(0, 64)}`,
      expected: 'records in the store',
      found: 'none',
      todo: '`engine fleet list` shows all rooms',
    });
  const [ledgerFile, evidence] = [join(folder, basename(LEDGER)), join(folder, basename(EVIDENCE))];
  await mkdir(names.length > 0 ? evidence : folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  await replaceFile(ledgerFile, ledger);
  for (const name of names) {
    const bytes = await store.get(name);
    if (bytes !== undefined) await replaceFile(join(evidence, basename(name)), bytes);
  }
  const file = report === undefined ? null : join(folder, 'ledger.store.sqlite');
  if (report !== undefined && file !== null) await writeReport(file, report);
  return { ledger: ledgerFile, evidence: names.length, store: file };
}
