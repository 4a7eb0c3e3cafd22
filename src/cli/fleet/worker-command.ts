import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { packageVersion } from '../../core/files/paths.js';
import { logLevel, numberBetween } from '../options.js';
import { takeServiceCall } from '../service-watchdog.js';
import { stopSignals } from '../stop-signals.js';
import { terminalLanguage } from '../terminal/terminal-language.js';
import { addFleetOptions, labelsOf, placesOf, type FleetOptions } from './fleet-options.js';

interface WorkerOptions extends FleetOptions {
  name?: string;
  key?: string;
  data?: string;
  capacity: number | 'auto' | 'measure';
  labels?: Record<string, string>;
  host: string;
  advertise?: string;
  port: number;
  cache: number;
}

const WORDS = {
  en: {
    ready: (name: string, rooms: number, cores: number) =>
      `Worker ${name} is ready for rooms: ${rooms} reference rooms (${cores} cores).`,
    drains: 'Rooms go to other workers, each at the end of its line. A second Ctrl-C ends at once.',
  },
  zh: {
    ready: (name: string, rooms: number, cores: number) =>
      `Worker ${name} 已就绪：可承载 ${rooms} 个标准直播间（${cores} 核）。`,
    drains: '直播间将在当前台词结束后转移到其他 worker；再按一次 Ctrl-C 立即退出。',
  },
} as const;

/** A room that drains ends its line, and another worker starts it; systemd waits for as long. */
const DRAIN_MS = 90_000;

export function workerCommand(): Command {
  const command = new Command('worker').description(
    'Takes rooms of a fleet on this machine. 让本机加入集群，承载直播间。',
  );
  return addFleetOptions(command)
    .option('--name <name>', 'name in the fleet (default: the host’s name)')
    .option('--key <file>', 'secret key of the fleet (default: SHOWROOM_FLEET_KEY)')
    .option(
      '--data <folder>',
      'folder of rooms, logs and the cache',
      join(homedir(), '.local', 'share', 'showroom', 'worker'),
    )
    .option(
      '--capacity <rooms>',
      '"auto", "measure" (measures again), or a number of reference rooms',
      capacityOf,
      'auto',
    )
    .option('--labels <list>', 'labels that rooms may ask for: region=eu,gpu=1', labelsOf)
    .option('--host <address>', 'address at which engines and metrics listen', '127.0.0.1')
    .option('--advertise <address>', 'address at which others reach this machine (default: --host)')
    .option(
      '--port <n>',
      'port of metrics and discovery; 0 takes a free one',
      numberBetween(0, 65_535, 'a port', true),
      9871,
    )
    .option('--cache <GB>', 'maximum size of the cache of files', numberBetween(0.1, 10_000, 'gigabytes'), 10)
    .addHelpText(
      'after',
      `
A reference room is 720×1280 at 30 frames a second. With "auto" the first start runs the demo room for 20 s and measures
what it costs here. SIGTERM drains: each room ends its line and goes on elsewhere. Rooms end by themselves when their lease
cannot be renewed, so that a stream key never has two publishers.
首次启动会运行演示直播间 20 秒以测量本机承载能力；SIGTERM 会先把直播间平稳转移。

Examples:
  engine fleet key --out fleet.key
  engine worker --redis redis://10.0.0.5:6379 --store /mnt/showroom --key fleet.key
  engine worker --redis rediss://:secret@valkey:6380 --store s3://shows/prod --key fleet.key --host 10.0.0.7
  engine worker --redis redis://10.0.0.5 --store /mnt/showroom --key fleet.key --capacity 6 --labels region=eu`,
    )
    .action(work);
}

function capacityOf(text: string): number | 'auto' | 'measure' {
  if (text === 'auto' || text === 'measure') return text;
  const value = Number(text);
  if (value > 0 && value <= 10_000) return value;
  throw new InvalidArgumentError(`expected "auto", "measure" or a number of rooms, found "${text.slice(0, 40)}".`);
}

async function work(options: WorkerOptions): Promise<void> {
  const { redis, store } = await placesOf(options);
  const { host, advertise = host, port, labels = {}, cache } = options;
  const name =
    options.name ??
    hostname()
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replace(/^-+/, '');
  const [
    { FleetWorker },
    { measureCapacity, roomsFor, usableCores, CAUTIOUS },
    { openObjectStore },
    { readFleetKey },
    { LEASE_TIMES },
    { createLog },
    { EngineError },
    { engineCommand, engineVariables },
    { serviceNotice },
  ] = await Promise.all([
    import('../../fleet/worker/fleet-worker.js'),
    import('../../fleet/worker/capacity.js'),
    import('../../fleet/store/open-object-store.js'),
    import('../../fleet/fleet-key.js'),
    import('../../fleet/lease/lease-rule.js'),
    import('../../core/log.js'),
    import('../../core/errors.js'),
    import('../../fleet/local/engine-command.js'),
    import('../../native/service-notice.js'),
  ]);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw new EngineError('E_BAD_REQUEST', {
      where: '--name',
      expected: 'letters a to z, digits and hyphens',
      found: `"${name.slice(0, 80)}"`,
    });
  const log = createLog(logLevel(process.env['ENGINE_LOG'], 'info'));
  const service = takeServiceCall(process.env, process.pid);
  const stop = stopSignals(undefined, undefined, { wholeMs: DRAIN_MS, afterCloseMs: 5000 });
  const words = WORDS[terminalLanguage(process.env) ?? 'en'];
  const folder = resolve(options.data!);
  const command = engineCommand();
  const version = packageVersion();
  const key = await readFleetKey(options.key, process.env);
  const { mkdir } = await import('node:fs/promises');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const { capacity } = options;
    const measured =
      typeof capacity === 'number'
        ? { ...(await roomsFor(CAUTIOUS)), rooms: capacity, cores: await usableCores() }
        : await measureCapacity({ folder, version, command, log, again: capacity === 'measure' });
    const worker = await FleetWorker.start({
      name,
      redisUrl: redis,
      store: openObjectStore(store, process.env),
      key,
      folder,
      capacity: measured.rooms,
      coresPerRoom: measured.coresPerRoom,
      labels,
      host,
      advertised: advertise,
      page: { host, port },
      times: LEASE_TIMES,
      maxCacheBytes: cache * 1e9,
      log,
      version,
      command,
      env: engineVariables(),
    });
    const notice = service === undefined ? undefined : serviceNotice(service.socketPath);
    notice?.(`READY=1\nSTATUS=${measured.rooms} reference rooms`);
    try {
      if (options.json === true || !process.stdout.isTTY)
        process.stdout.write(`${JSON.stringify({ event: 'worker', name, ...measured, version })}\n`);
      else process.stdout.write(`\n  ${words.ready(name, measured.rooms, measured.cores)}\n\n`);
      await new Promise<void>((done) => {
        if (stop.signal.aborted) done();
        else stop.signal.addEventListener('abort', () => done(), { once: true });
      });
      notice?.('STOPPING=1');
      if (process.stdout.isTTY) process.stdout.write(`\n  ${words.drains}\n`);
      await worker.drain();
    } finally {
      await worker.close();
    }
  } finally {
    stop.close();
  }
}
