import { Agent, buildConnector, fetch, type RequestInit as UndiciInit } from 'undici';
import { publicLookup, requireAllowed, type AddressGuard } from './public-address.js';

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

/** fetch() over a connection of its own to a public address. Imported by name here: a bundle of CommonJS has no names for `import()`. */
export async function guardedRequest(url: string | URL, init: RequestInit, guard: AddressGuard): Promise<Response> {
  const dispatcher = new Agent({ connect: guardedConnector(guard), keepAliveTimeout: 1, pipelining: 0 });
  return (await fetch(url, { ...init, dispatcher } as UndiciInit)) as unknown as Response;
}
