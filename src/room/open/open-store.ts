import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoomConfig } from '../../config/room-config.js';
import type { CloseStack } from '../../core/close-stack.js';
import { packageRoot } from '../../core/files/paths.js';
import type { Log } from '../../core/log.js';
import { ShowStore } from '../../store/show-store.js';
import { storeFile } from '../../store/store-file.js';
import { ShowRecords } from '../records/show-records.js';

/** Opens the room's store; a store that cannot be opened takes no records. */
export async function openStore(room: RoomConfig, log: Log, stack: CloseStack): Promise<ShowRecords> {
  const store = await ShowStore.open({ file: storeFile(room.ledgerFile), config: room.store, log });
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return stack.add(new ShowRecords(room, store, version));
}
