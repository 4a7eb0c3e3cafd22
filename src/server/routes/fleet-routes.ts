import { z } from 'zod';
import type { FleetOverview, FleetRoomLine } from '../../core/room-host.js';
import type { StudioApp } from '../app.js';
import { LOCAL_ORGANISATION, member } from '../guard.js';
import { twoTexts } from '../schemas.js';
import type { Studio } from '../studio.js';

const machine = z.object({
  name: z.string(),
  version: z.string(),
  capacity: z.number().describe('In reference rooms: 720×1280 at 30 frames a second'),
  used: z.number(),
  rooms: z.int(),
  draining: z.boolean(),
  claimed: z.int().describe('Rooms on air under a claim in the store, because Redis was out of reach'),
  labels: z.record(z.string(), z.string()),
});
const fleetRoom = z.object({
  id: z.string().describe('The fleet’s id'),
  room: z.string().nullable().describe('The room of this studio; null for one that was submitted elsewhere'),
  name: z.string(),
  owner: z.string(),
  language: z.string(),
  show: z.string().nullable(),
  state: z.enum(['waiting', 'starting', 'on-air', 'draining', 'scheduled', 'failed']),
  worker: z.string().nullable(),
  presenter: z.string().nullable(),
  since: z.string().nullable().describe('The last change of state'),
  line: z.string().nullable(),
  error: z.string(),
  alarm: z
    .object({
      severity: z.enum(['critical', 'warning']),
      text: twoTexts,
      since: z.string(),
      isOver: z.boolean(),
    })
    .nullable()
    .describe('The newest one'),
});

/** Many pages ask every other second. */
const KEEP_MS = 1000;

/** Rooms of all workers. */
export function fleetRoutes(app: StudioApp, studio: Studio): void {
  const { host, rooms, accounts, noAuth } = studio;
  let kept: { readonly atMs: number; readonly overview: Promise<FleetOverview> } | undefined;
  const overview = (ask: () => Promise<FleetOverview>): Promise<FleetOverview> => {
    if (kept === undefined || performance.now() - kept.atMs > KEEP_MS)
      kept = { atMs: performance.now(), overview: ask() };
    return kept.overview;
  };

  app.get(
    '/api/fleet',
    {
      config: { right: 'viewer' },
      schema: {
        summary: 'Workers of the fleet and the rooms on them; null where rooms run on this machine',
        response: {
          200: z.object({ fleet: z.object({ workers: z.array(machine), rooms: z.array(fleetRoom) }).nullable() }),
        },
      },
    },
    async (request) => {
      const { id, organisation } = member(request);
      if (host.fleet === undefined) return { fleet: null };
      const slug = noAuth
        ? LOCAL_ORGANISATION
        : accounts.organisationsOf(id).find((one) => one.id === organisation)?.slug;
      const isFirst = noAuth || accounts.firstOrganisation() === organisation;
      /** Undefined for a room of somebody else. */
      const ownRoom = ({ origin, owner }: FleetRoomLine): string | null | undefined => {
        const row = origin === null ? undefined : rooms.row(origin);
        if (row !== undefined) return row.organisation === organisation ? row.id : undefined;
        // Submitted from a command line: the owner's, else whoever runs the studio.
        return owner === slug || isFirst ? null : undefined;
      };
      const { workers, rooms: all } = await overview(() => host.fleet!());
      const lines = all.flatMap((line) => {
        const room = ownRoom(line);
        return room === undefined ? [] : [lineView(line, room)];
      });
      return { fleet: { workers: [...workers], rooms: lines } };
    },
  );
}

const at = (ms: number): string => new Date(ms).toISOString();

function lineView(line: FleetRoomLine, room: string | null) {
  const { origin: _origin, sinceMs, alarm, ...rest } = line;
  return {
    ...rest,
    room,
    since: sinceMs === 0 ? null : at(sinceMs),
    alarm:
      alarm === null
        ? null
        : { severity: alarm.severity, text: alarm.text, since: at(alarm.sinceMs), isOver: alarm.isOver },
  };
}
