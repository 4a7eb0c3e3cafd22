import { Agent, fetch, type RequestInit as UndiciInit } from 'undici';
import { guardedConnector } from './guarded-connector.js';
import type { AddressGuard } from './public-address.js';

/**
 * fetch() over a connection of its own to a public address; for heldFetch alone. undici is imported by name, since `import()` of a
 * CommonJS package has no names in a bundle.
 */
export async function heldGuardedFetch(url: string | URL, init: RequestInit, guard: AddressGuard): Promise<Response> {
  const dispatcher = new Agent({ connect: guardedConnector(guard), keepAliveTimeout: 1, pipelining: 0 });
  return (await fetch(url, { ...init, dispatcher } as UndiciInit)) as unknown as Response;
}
