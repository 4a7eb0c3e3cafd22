import { createQuery, QueryClient, type CreateQueryResult } from '@tanstack/svelte-query';
import { call } from '../api/client';
import { ApiError } from '../api/error';
import type { Me, Role, Room, StudioInfo } from '../api/types';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      refetchOnWindowFocus: true,
      // What the server refuses stays refused; a cut is tried again.
      retry: (count, error) => count < 3 && error instanceof ApiError && error.status === 0,
    },
  },
});

const LADDER: readonly Role[] = ['viewer', 'moderator', 'operator', 'editor', 'owner'];
/** Whether a role has the rights of another. */
export const reaches = (role: Role | null | undefined, wanted: Role): boolean =>
  role !== null && role !== undefined && LADDER.indexOf(role) >= LADDER.indexOf(wanted);

export const meQuery = (): CreateQueryResult<Me> =>
  createQuery(() => ({ queryKey: ['me'], queryFn: () => call<Me>('GET', '/api/me'), staleTime: 30_000 }));
export const studioQuery = (): CreateQueryResult<StudioInfo> =>
  createQuery(() => ({
    queryKey: ['studio'],
    queryFn: () => call<StudioInfo>('GET', '/api/studio'),
    staleTime: 60_000,
  }));
export const roomsQuery = (): CreateQueryResult<readonly Room[]> =>
  createQuery(() => ({
    queryKey: ['rooms'],
    queryFn: async () => (await call<{ rooms: readonly Room[] }>('GET', '/api/rooms')).rooms,
    refetchInterval: 5000,
  }));

/** After sign-in, sign-out or another organisation: nothing that was read before holds. */
export async function forgetSession(): Promise<void> {
  queries.removeQueries({ type: 'inactive' });
  await queries.resetQueries({ type: 'active' });
}

export const initials = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
