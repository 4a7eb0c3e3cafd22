import { buildConnector } from 'undici';
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
