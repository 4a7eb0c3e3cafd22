import type { RoomHost } from '../core/room-host.js';
import type { Log } from '../core/log.js';
import type { LiveJournal } from './live/live-journal.js';
import type { AuditEntry, AuditTable } from '../store/studio/audit-table.js';
import type { LinksTable, SettingsTable } from '../store/studio/links-table.js';
import type { Seal } from '../store/studio/seal.js';
import type { Accounts } from './accounts/accounts.js';
import type { Attempts } from './accounts/attempts.js';
import type { Destinations } from './destinations/destinations.js';
import type { Mailer } from './accounts/mailer.js';
import type { Jobs } from './jobs/jobs.js';
import type { PushSender } from './live/push-sender.js';
import type { StudioLive } from './live/studio-live.js';
import type { Rooms } from './rooms/rooms.js';
import type { RoomSecrets } from './rooms/room-secrets.js';
import type { RoomRuns } from './rooms/room-runs.js';
import type { Schedules } from './schedules/schedules.js';
import type { StudioWork } from './work/studio-work.js';

/** Everything that a route may use. */
export interface Studio {
  readonly version: string;
  /** Folder of all data. */
  readonly data: string;
  /** Anybody on this machine is the owner. */
  readonly noAuth: boolean;
  readonly log: Log;
  /** As people reach it, where it was given. */
  readonly publicUrl: string | undefined;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly links: LinksTable;
  readonly settings: SettingsTable;
  readonly seal: Seal;
  readonly audits: AuditTable;
  readonly mailer: Mailer;
  readonly rooms: Rooms;
  readonly secrets: RoomSecrets;
  readonly runs: RoomRuns;
  readonly host: RoomHost;
  readonly destinations: Destinations;
  readonly schedules: Schedules;
  readonly journal: LiveJournal;
  readonly live: StudioLive;
  readonly push: PushSender;
  readonly jobs: Jobs;
  readonly work: StudioWork;
  /** Id of the demo room that `npm start` puts on air. */
  readonly demo: string | null;
}

export type AuditWords = Omit<AuditEntry, 'organisation' | 'room' | 'by'> & { readonly room?: string | null };
