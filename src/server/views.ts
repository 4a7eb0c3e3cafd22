import type { RoomRow } from '../store/studio/rooms-table.js';
import type { ProcessView } from './rooms/room-runs.js';
import type { Saved } from './rooms/rooms.js';
import type { Studio } from './studio.js';

export interface RoomView {
  id: string;
  title: string;
  language: string;
  orientation: 'portrait' | 'landscape';
  width: number;
  height: number;
  template: string | null;
  version: number;
  updatedAt: string;
  updatedBy: string;
  products: number;
  destinations: number;
  position: number;
  still: string;
  process: Omit<ProcessView, 'live'> & { live: string[] };
}

export const processView = (studio: Pick<Studio, 'runs'>, row: RoomRow): RoomView['process'] => {
  const { live, ...rest } = studio.runs.view(row);
  return { ...rest, live: [...live] };
};

export const roomView = (studio: Pick<Studio, 'runs' | 'destinations'>, row: RoomRow): RoomView => ({
  id: row.id,
  title: row.title,
  language: row.language,
  orientation: row.width > row.height ? 'landscape' : 'portrait',
  width: row.width,
  height: row.height,
  template: row.template,
  version: row.version,
  updatedAt: new Date(row.updated_ms).toISOString(),
  updatedBy: row.updated_by,
  products: row.products,
  destinations: studio.destinations.ofRoom(row.id).length,
  position: row.position,
  still: `/api/rooms/${row.id}/still`,
  process: processView(studio, row),
});

export interface SavedView {
  version: number;
  etag: string;
  changed: string[];
  needsRestart: string[];
}

/** After a save: the running room takes it over where it can. */
export async function savedView(studio: Pick<Studio, 'runs'>, row: RoomRow, saved: Saved): Promise<SavedView> {
  const needsRestart = await studio.runs.apply(row, saved);
  const { version, etag, changed } = saved;
  return { version, etag, changed, needsRestart };
}
