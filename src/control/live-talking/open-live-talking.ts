import type { RoomConfig } from '../../config/room-config.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { RoomHandle } from '../../config/api/room-handle.js';

export interface OpenLiveTalkingOptions {
  readonly room: RoomHandle;
  readonly token: string;
  readonly log: Log;
}

/** LiveTalking's interface where the room file asks for it. */
export async function openLiveTalking(
  { control: { host, liveTalking } }: Pick<RoomConfig, 'control'>,
  options: OpenLiveTalkingOptions,
): Promise<Closeable | undefined> {
  if (liveTalking === undefined) return undefined;
  const { LiveTalkingServer } = await import('./live-talking-server.js');
  const server = await LiveTalkingServer.start({ ...options, host: liveTalking.host ?? host, port: liveTalking.port });
  options.log.info({ address: server.url }, 'LiveTalking’s interface listens; it asks for the room’s token');
  return server;
}
