import type { Closeable } from '../core/closeable.js';
import type { EventsHandle } from '../config/api/events-handle.js';
import { callEngine } from './engine-call.js';
import { LOCAL_ORGANISATION } from './guard.js';
import type { Studio } from './studio.js';

const DEMO = 'demo-portrait';
const SETTING = 'demo';
const BY = { id: 'studio', name: 'Showroom' };
const VIEWERS_PER_MINUTE = 12;
const SEED = 7;

export type PlayViewers = (options: {
  readonly events: Pick<EventsHandle, 'take'>;
  readonly perMinute: number;
  readonly seed: number;
  readonly run: string;
}) => Closeable;

/** Puts the demo room on air, with simulated viewers that end with the studio. It is made at the first start. */
export async function openDemo(studio: Studio, playViewers: PlayViewers | undefined): Promise<Closeable | undefined> {
  const { settings, rooms, runs, accounts, noAuth } = studio;
  const known = settings.get<string>(SETTING);
  let row = known === undefined ? undefined : rooms.row(known);
  if (row === undefined) {
    // Somebody has removed it: it stays removed.
    if (known !== undefined || rooms.all().length > 0) return undefined;
    const organisation = noAuth ? LOCAL_ORGANISATION : (accounts.firstOrganisation() ?? LOCAL_ORGANISATION);
    row = await rooms.create({ name: 'Demo', organisation, template: null, by: BY }, (folder) =>
      studio.work.ask('demo', { folder, from: DEMO }),
    );
    settings.put(SETTING, row.id);
  }
  await runs.start(row, null, BY);
  if (playViewers === undefined) return undefined;
  const id = row.id;
  return playViewers({
    events: {
      take: (events) => {
        const endpoint = studio.host.endpoint(id);
        if (endpoint !== undefined) void callEngine(endpoint, 'POST', '/api/events', events).catch(() => undefined);
        return { taken: events.length, repeated: 0, dropped: 0 };
      },
    },
    perMinute: VIEWERS_PER_MINUTE,
    seed: SEED,
    run: Date.now().toString(36),
  });
}
