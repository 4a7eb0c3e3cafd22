import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_KEPT } from '../../compliance/ledger/evidence-count.js';
import { EvidenceStore } from '../../compliance/ledger/evidence-store.js';
import { Ledger } from '../../compliance/ledger/ledger.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Closeable } from '../../core/closeable.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { EvidenceKeeper } from '../evidence-keeper.js';
import { ResumeKeeper } from '../resume/resume-keeper.js';
import { ShowRecords } from '../records/show-records.js';
import { RoomRisk } from '../watches/room-risk.js';
import { packageRoot } from '../../core/files/paths.js';
import { ShowStore } from '../../store/show-store.js';
import { storeFile } from '../../store/open-database.js';
import { repeatedly } from '../../core/sleep.js';

/** The clock is trusted after a day of running, so the check runs more often than that. */
const PRUNE_MS = 3_600_000;

/** Deletes entries and evidence past their retention, now and every hour. */
async function keepRetention(
  ledger: Ledger,
  evidence: EvidenceStore,
  { ledgerDays, evidenceDays }: { ledgerDays: number; evidenceDays: number },
): Promise<Closeable> {
  const prune = async (): Promise<void> => {
    await ledger.retire(ledgerDays);
    await evidence.retire(evidenceDays, ledger.clock.trustedMs());
  };
  await prune();
  return repeatedly(PRUNE_MS, () => void prune());
}

/** Opens the room's store; a store that cannot be opened takes no records. */
async function openStore(room: RoomConfig, log: Log, stack: CloseStack): Promise<ShowRecords> {
  const store = await ShowStore.open({ file: storeFile(room.ledgerFile), config: room.store, log });
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return stack.add(new ShowRecords(room, store, version));
}

export interface OpenRecordsOptions {
  readonly room: RoomConfig;
  readonly kernels: Kernels;
  readonly log: Log;
  /** Discard the state of an earlier run. */
  readonly fresh: boolean;
  /** Closed before the ledger: its events are recorded there. */
  readonly relay: Closeable;
  readonly onRiskLimit: () => void;
}

/** The files that a room writes while it is on air. */
export interface Records {
  readonly resume: ResumeKeeper;
  readonly ledger: Ledger;
  readonly evidence: EvidenceKeeper;
  readonly risk: RoomRisk;
  /** Records for reports. */
  readonly show: ShowRecords;
  /** Writes to the ledger and adds to the risk. */
  readonly note: (entry: LedgerEntry) => void;
}

/** Opens state file, store, ledger, evidence and risk score. Ends the processes that a dead engine left behind. */
export async function openRecords(
  { room, kernels, log, fresh, relay, onRiskLimit }: OpenRecordsOptions,
  stack: CloseStack,
): Promise<Records> {
  const { ledgerFile, compliance } = room;
  const { evidence: config, ledgerDays } = compliance;
  const mode = room.script.resume ?? 'after-crash';
  const resume = stack.add(await ResumeKeeper.open({ ledgerFile, log, mode, fresh }));
  const show = await openStore(room, log, stack);
  const ledger = stack.add(await Ledger.open(ledgerFile, { log, onEntry: (entry) => show.onEntry(entry) }));
  stack.add(relay);
  const store = stack.add(
    await EvidenceStore.open(ledgerFile, {
      log,
      maxBytes: config.maxMb * 1024 * 1024,
      onUnwritten: (file, error) =>
        void ledger.append({ kind: 'evidence', action: NOT_KEPT, file, detail: { why: error.slice(0, 200) } }),
    }),
  );
  stack.add(await keepRetention(ledger, store, { ledgerDays, evidenceDays: config.days }));
  const { width, height } = room.video;
  const append = (entry: LedgerEntry): void => void ledger.append(entry);
  const evidence = stack.add(new EvidenceKeeper({ config, store, kernels, width, height, log, append }));
  const risk = stack.add(
    await RoomRisk.open({ ...compliance.risk, ledgerFile, log, note: append, onLimit: onRiskLimit }),
  );
  const note = (entry: LedgerEntry): void => {
    ledger.append(entry);
    risk.take(entry);
  };
  return { resume, ledger, evidence, risk, show, note };
}
