import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { FleetClient } from '../../fleet/fleet-client.js';

export interface FleetOptions {
  redis?: string;
  store?: string;
  json?: boolean;
}

/** The options of every command that asks a fleet. */
export function addFleetOptions(command: Command): Command {
  return command
    .option('--redis <url>', 'Redis or Valkey of the fleet (default: SHOWROOM_REDIS)')
    .option('--store <place>', 'folder that all workers mount, or s3://BUCKET/PREFIX (default: SHOWROOM_STORE)')
    .option('--json', 'print JSON');
}

/** Runs a question to a fleet, and closes its connection. */
export async function withFleet<T>(options: FleetOptions, ask: (fleet: FleetClient) => Promise<T>): Promise<T> {
  const [{ FleetClient: Client }, { openObjectStore }] = await Promise.all([
    import('../../fleet/fleet-client.js'),
    import('../../fleet/store/open-object-store.js'),
  ]);
  const { redis, store } = await placesOf(options);
  const fleet = await Client.connect(redis, openObjectStore(store, process.env));
  try {
    return await ask(fleet);
  } finally {
    await fleet.close();
  }
}

/** Throws E_BAD_REQUEST where neither the option nor the variable names them. */
export async function placesOf(options: FleetOptions): Promise<{ redis: string; store: string }> {
  const { EngineError } = await import('../../core/errors.js');
  const needed = (option: string, value: string | undefined, todo: string): string => {
    if (value !== undefined && value !== '') return value;
    throw new EngineError('E_BAD_REQUEST', { where: option, expected: 'a place', found: 'nothing', todo });
  };
  return {
    redis: needed(
      '--redis',
      options.redis ?? process.env['SHOWROOM_REDIS'],
      'give --redis redis://HOST:6379, or set SHOWROOM_REDIS',
    ),
    store: needed(
      '--store',
      options.store ?? process.env['SHOWROOM_STORE'],
      'give --store a folder that all workers mount or s3://BUCKET/PREFIX, or set SHOWROOM_STORE',
    ),
  };
}

/** For commander: `region=eu,gpu=1`. */
export function labelsOf(text: string): Record<string, string> {
  const pairs = text.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^\s*([A-Za-z][\w.-]{0,62})=([\w.-]{1,63})\s*$/.exec(pair) ?? [];
      if (name === undefined || value === undefined)
        throw new InvalidArgumentError(`expected name=value, found "${pair.slice(0, 80)}".`);
      return [name, value];
    }),
  );
}
