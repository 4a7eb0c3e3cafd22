import { createQuery, type CreateQueryResult } from '@tanstack/svelte-query';
import { call } from '../../api/client';
import type { Fleet } from '../../api/types';

const LOOK_MS = 2000;

/** Workers and rooms of all machines; null where rooms run on this machine. */
export const fleetQuery = (): CreateQueryResult<Fleet> =>
  createQuery(() => ({
    queryKey: ['fleet'],
    queryFn: async () => (await call<{ fleet: Fleet }>('GET', '/api/fleet')).fleet,
    // Without a fleet the answer stays the same as long as the studio runs.
    refetchInterval: ({ state }) => (state.data === null ? false : LOOK_MS),
  }));
