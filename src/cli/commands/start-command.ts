import { Command, Option } from 'commander';
import type { RoomHandle } from '../../config/api/room-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Closeable } from '../../core/closeable.js';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';
import { settleWithin } from '../../core/sleep.js';
import { logLevel, numberBetween, perMinute } from '../options.js';
import { takeServiceCall } from '../service-watchdog.js';
import { stopSignals } from '../stop-signals.js';
import type { ShowConsole } from '../terminal/show-console.js';
import type { StatusLine } from '../terminal/status-line.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

interface ShowOptions {
  for?: number;
  seed?: number;
  fresh?: boolean;
  preview?: boolean;
  port?: number;
  lease?: boolean;
}

/** Runs beside a room on air, such as the demo's viewers. */
type WhileOnAir = (room: RoomHandle, shown: ShowConsole) => Promise<Closeable>;

/** The options of every command that puts a room on air. */
function addShowOptions(command: Command): Command {
  return command
    .option('--for <seconds>', 'stop after this many seconds', numberBetween(0.1, 1e9, 'seconds'))
    .option('--seed <n>', 'seed; default: the room file’s', numberBetween(0, 0xffff_ffff, 'a whole number', true))
    .option(
      '--fresh',
      'start the script from its beginning after a crash, and discard mute and blank of the previous run',
    )
    .option(
      '--port <n>',
      'HTTP port; default: the room file’s; 0 takes a free one',
      numberBetween(0, 65_535, 'a port', true),
    )
    .option(
      '--preview',
      'without the room file’s outputs, and the embedded servers on free ports: viewers are on this machine only',
    );
}

export function startCommand(): Command {
  const command = new Command('start')
    .description('Puts a room on air. 开播。')
    .option('--room <file>', 'room file')
    .addOption(new Option('--lease', 'end with the lease on standard input; for workers of a fleet').hideHelp());
  return addShowOptions(command)
    .addHelpText(
      'after',
      `
On a terminal events are sentences above a status line, in the language of LANG (en, zh); otherwise standard output and
error get JSON lines, the status once a minute. Ctrl-C stops (exit code 0), a second one ends it at once (130); a closed
terminal (SIGHUP) does not. ENGINE_TOKEN sets the API's token (16 characters or more), ENGINE_FFMPEG the ffmpeg, ENGINE_LOG
the log level, ENGINE_NICE the priority (-10 where the system allows it; 0 keeps the default).
Without a room of your own: \`engine demo\` puts the demo room on air, \`engine new my-room\` makes a room to change.

Examples:
  engine start --room my-room/room.json
  TAOBAO_KEY=… engine start --room my-room/room.json --port 9000
  engine start --room my-room/room.json --for 60 --seed 7`,
    )
    .action(start);
}

function start({ room, ...options }: ShowOptions & { room?: string }): Promise<void> {
  if (room !== undefined) return putOnAir(room, options);
  throw new EngineError('E_BAD_REQUEST', {
    where: 'engine start',
    expected: '--room FILE',
    found: 'no room',
    todo: '`engine demo` puts the demo room on air, `engine new my-room` makes a room of your own',
  });
}

interface ShowParts {
  /** Ends what leaves the room. */
  readonly room: { goOffAir(): Promise<void> };
  /** Prints the summary. */
  readonly status: { close(): void } | undefined;
  /** What runs beside the room: viewers of a demo, the service manager's watch. */
  readonly beside: readonly (Closeable | undefined)[];
  /** Servers that take requests about the room. */
  readonly servers: readonly (Closeable | undefined)[];
}

/** A request that is being answered may wait for the room, which is stopping. */
const SERVERS_MS = 2000;

/**
 * Ends a show in the order that viewers need: first nothing leaves any more, then the summary says so, with every frame that
 * left, then the API ends. A request that hangs delays neither.
 */
export async function endShow({ room, status, beside, servers }: ShowParts): Promise<void> {
  const besides = Promise.allSettled(beside.map(async (one) => one?.close()));
  try {
    await room.goOffAir();
  } finally {
    status?.close();
    const rest = Promise.allSettled([besides, ...servers.map(async (one) => one?.close())]);
    await settleWithin(rest, SERVERS_MS);
  }
}

/** Runs a room until it ends by itself, by `--for` or by a signal. */
async function putOnAir(
  file: string,
  { whileOnAir, ...options }: ShowOptions & { readonly whileOnAir?: WhileOnAir },
): Promise<void> {
  const { newToken, tokenFromEnvironment } = await import('../../control/auth.js');
  const ownToken = tokenFromEnvironment(process.env);
  const stop = stopSignals();
  const lease = options.lease === true ? (await import('../hold-lease.js')).holdLease() : undefined;
  const service = takeServiceCall(process.env, process.pid);
  const { startPreloadedThreads } = await import('../../room/start/preload-threads.js');
  const early = startPreloadedThreads();
  const [
    { loadRoom },
    { createLog },
    { requireFreePort },
    { LiveRoom },
    { printAddresses },
    { showConsole },
    { watchService, watchStart },
    { missingAddon },
  ] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../core/log.js'),
    import('../../control/port-free.js'),
    import('../../room/live-room.js'),
    import('../print-addresses.js'),
    import('../terminal/show-console.js'),
    import('../service-watchdog.js'),
    import('../../native/load-addon.js'),
  ]);
  const shown = showConsole({
    language: terminalLanguage(process.env),
    level: (usual) => logLevel(process.env['ENGINE_LOG'], usual),
    jsonLog: createLog,
  });
  stop.onHangup = () => shown.hungUp();
  try {
    const loaded = loadRoom(file);
    const config = options.preview === true ? previewOf(loaded) : loaded;
    const { log } = shown;
    const withoutAddon = missingAddon();
    if (withoutAddon !== undefined) {
      log.warn(
        { kernels: 'twin', reason: withoutAddon },
        `no native kernels: ${withoutAddon}; the room runs with the TypeScript ones, the same pictures for about three times the CPU`,
      );
    }
    const { host, trustedProxies } = config.control;
    const port = options.port ?? config.control.port;
    await requireFreePort(host, port);
    const { liveTalking: switchOver } = config.control;
    if (switchOver !== undefined) await requireFreePort(switchOver.host ?? host, switchOver.port);
    const token = ownToken ?? newToken();
    const loading = await watchStart(service);
    const preparing = shown.preparing(config.name);
    stop.onStop = () => shown.stopping();
    const room = await LiveRoom.start(options.seed === undefined ? config : { ...config, seed: options.seed }, {
      log,
      signal: stop.signal,
      early,
      onStep: preparing,
      fresh: options.fresh === true,
    }).finally(() => void loading.close());
    try {
      // Loaded once pictures flow.
      const { ControlServer } = await import('../../control/control-server.js');
      const control = await ControlServer.start({ room, host, port, token, log, trustedProxies });
      let liveTalking: Closeable | undefined;
      let watchdog: Closeable | undefined;
      let beside: Closeable | undefined;
      let status: StatusLine | undefined;
      try {
        const { openLiveTalking } = await import('../../control/live-talking/open-live-talking.js');
        liveTalking = await openLiveTalking(config, { room, token, log });
        const tokenIsOurs = ownToken === undefined;
        const { terminal } = shown;
        const print = (line: string): void => shown.print(line);
        const { missingModels } = await import('../../check/missing-models.js');
        for (const { text } of missingModels(config)) shown.print(text[terminalLanguage(process.env)]);
        lease?.onLease((held) => room.holdLease(held));
        printAddresses({ room, control, host, token, tokenIsOurs, terminal, print });
        watchdog = await watchService(service, room);
        status = shown.status(room);
        beside = await whileOnAir?.(room, shown);
        const timer = options.for === undefined ? undefined : setTimeout(() => stop.stop(), options.for * 1000);
        try {
          await room.ended(stop.signal);
        } finally {
          clearTimeout(timer);
        }
      } finally {
        await endShow({ room, status, beside: [beside, watchdog], servers: [liveTalking, control] });
      }
    } finally {
      await room.close();
    }
  } finally {
    await shown.close();
    // Until the very end: what hangs must not outlive the lease.
    await lease?.close();
    stop.close();
  }
}

/** The same room, seen on this machine only; outputs may join it later. */
const previewOf = (room: RoomConfig): RoomConfig => ({
  ...room,
  outputs: [],
  control: { ...room.control, rtmpPort: 0, flvPort: 0 },
});

interface DemoOptions extends ShowOptions {
  /** A minute; false with `--no-viewers`. */
  viewers: number | false;
}

const DEMO_ROOM = 'demo-portrait';
const VIEWERS_PER_MINUTE = 12;
const VIEWERS_SEED = 7;

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('Puts the demo room on air, on this machine only. 在本机播出演示直播间。')
    .option('--viewers <rate>', 'simulated viewers, such as 20/min', perMinute, VIEWERS_PER_MINUTE)
    .option('--no-viewers', 'no simulated viewers');
  return addShowOptions(command)
    .addHelpText(
      'after',
      `
Simulated viewers ask, greet and order in three languages; the terminal shows each question with its answer. A few of their
comments are hostile or hold contacts: those are neither shown nor answered. \`engine start\` never simulates anybody.
演示带有模拟观众，用三种语言提问；终端会显示问题和回答。

Examples:
  engine demo
  engine demo --viewers 30/min
  engine demo --no-viewers --port 9000 --for 60
  engine new my-room --from ${DEMO_ROOM}     a copy to change`,
    )
    .action(({ viewers, ...options }: DemoOptions) =>
      putOnAir(templatePath('rooms', DEMO_ROOM, 'room.json'), {
        ...options,
        ...(viewers === false
          ? {}
          : { whileOnAir: (room, shown) => withViewers(room, shown, viewers, options.seed ?? VIEWERS_SEED) }),
      }),
    );
}

async function withViewers(room: RoomHandle, shown: ShowConsole, rate: number, seed: number): Promise<Closeable> {
  const [{ playViewers }, { ViewerTalk }] = await Promise.all([
    import('../play-viewers.js'),
    import('../terminal/viewer-talk.js'),
  ]);
  const { terminal, columns } = shown;
  const print = (line: string): void => shown.print(line);
  const talk = terminal && new ViewerTalk({ events: room.events, language: terminal, print, columns });
  const viewers = playViewers({ events: room.events, perMinute: rate, seed, run: Date.now().toString(36) });
  return {
    async close() {
      await viewers.close();
      await talk?.close();
    },
  };
}
