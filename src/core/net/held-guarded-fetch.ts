import { Agent, fetch, type RequestInit as UndiciInit, buildConnector } from 'undici';
import { type AddressGuard, publicLookup, requireAllowed } from './public-address.js';

const CONNECT_MS = 10_000;

/** Connects to public addresses alone. */
export function guardedConnector(guard: AddressGuard): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: publicLookup(guard) } as buildConnector.BuildOptions);
  return (options, callback) => {
    try {
      requireAllowed(options.hostname, guard);
    } catch (error) {
      return callback(error as Error, null);
    }
    connect(options, callback);
  };
}

/**
 * fetch() over a connection of its own to a public address; for heldFetch alone. undici is imported by name, since `import()` of a
 * CommonJS package has no names in a bundle.
 */
export async function heldGuardedFetch(url: string | URL, init: RequestInit, guard: AddressGuard): Promise<Response> {
  const dispatcher = new Agent({ connect: guardedConnector(guard), keepAliveTimeout: 1, pipelining: 0 });
  return (await fetch(url, { ...init, dispatcher } as UndiciInit)) as unknown as Response;
}
