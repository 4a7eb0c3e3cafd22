import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import type { FleetRoomHost, FleetRoomHostOptions } from '../../fleet/fleet-room-host.js';
import { logLevel, numberBetween } from '../options.js';
import { stopSignals } from '../stop-signals.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

interface StudioOptions {
  data?: string;
  port: number;
  host: string;
  auth: boolean;
  demo?: boolean;
  viewers: boolean;
  url?: string;
  trustProxy?: string[];
  redis?: string;
  store?: string;
  key?: string;
}

const PORT = 8070;

const WORDS = {
  en: {
    open: 'Open',
    setUp: 'Open this link to make the first account; it works once, for a day:',
    noAuth: '! Without accounts: whoever reaches this port of this machine is the owner.',
    plain:
      '! Open to the network without TLS: passwords travel in the clear. Put HTTPS in front of it (docs/people.md).',
    stays: 'The studio has ended. Rooms on air go on; start it again to see them.',
  },
  zh: {
    open: '请打开',
    setUp: '请打开此链接创建第一个账号；链接一天内有效，仅可使用一次：',
    noAuth: '! 未启用账号：能访问本机此端口的人即为所有者。',
    plain: '! 已对网络开放且未加密：密码以明文传输。请在前面加 HTTPS 反向代理（docs/people.md）。',
    stays: 'Studio 已退出，直播间继续直播；再次启动即可查看。',
  },
} as const;

export function studioCommand(): Command {
  const command = new Command('studio')
    .description('Serves the studio: make rooms and run shows in a browser. 打开 Studio：在浏览器中制作并运行直播间。')
    .option('--data <folder>', `folder of accounts, rooms and media (default: ${dataFolder()})`)
    .option('--port <n>', 'HTTP port; 0 takes a free one', numberBetween(0, 65_535, 'a port', true), PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--no-auth', 'without accounts; on a loopback address only')
    .option('--url <url>', 'address as people reach the studio, for links in mails')
    .option('--trust-proxy <address...>', 'reverse proxies whose X-Forwarded-* headers count')
    .option('--demo', 'with the demo room on air, and simulated viewers')
    .option('--no-viewers', 'no simulated viewers')
    .option('--redis <url>', 'rooms run on the workers of this fleet (docs/fleet.md; default: SHOWROOM_REDIS)')
    .option('--store <place>', 'store of the fleet (default: SHOWROOM_STORE)')
    .option('--key <file>', 'secret key of the fleet (default: SHOWROOM_FLEET_KEY)')
    .addHelpText(
      'after',
      `
The first start prints a link that makes the first account. Rooms are processes of their own: they stay on air when the
studio ends or is killed, and the next start finds them. 首次启动会打印创建账号的链接；Studio 退出后直播间继续直播。

Examples:
  engine studio
  engine studio --host 0.0.0.0 --url https://studio.example.com --trust-proxy 127.0.0.1
  engine studio backup studio.tar.gz
  engine studio restore studio.tar.gz`,
    )
    .action(serve);
  command.addCommand(
    new Command('backup')
      .description('Backs up everything into one file, while shows run. 备份全部数据，直播不受影响。')
      .argument('<file>', 'archive to write (.tar.gz)')
      .option('--data <folder>', 'folder of the studio')
      .action(backup),
  );
  command.addCommand(
    new Command('restore')
      .description('Restores a backup and keeps the old data aside. 恢复备份，原有数据会另行保留。')
      .argument('<file>', 'archive of `engine studio backup`')
      .option('--data <folder>', 'folder of the studio')
      .action(restore),
  );
  return command;
}

function dataFolder(): string {
  const base = process.env['XDG_DATA_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.local', 'share') : base, 'showroom', 'studio');
}

async function serve({
  data = dataFolder(),
  port,
  host,
  auth,
  url,
  trustProxy,
  demo = false,
  viewers: withViewers,
  ...places
}: StudioOptions): Promise<void> {
  const [{ StudioServer }, { LocalRoomHost }, { lockStudio }, { createLog }, { newToken }, { isLoopbackHost }] =
    await Promise.all([
      import('../../server/studio-server.js'),
      import('../../fleet/local/local-room-host.js'),
      import('../../server/studio-lock.js'),
      import('../../core/log.js'),
      import('../../control/auth.js'),
      import('../../core/net/public-address.js'),
    ]);
  const folder = resolve(data);
  const language = terminalLanguage(process.env);
  const words = WORDS[language ?? 'en'];
  const log = createLog(logLevel(process.env['ENGINE_LOG'], process.stdout.isTTY ? 'warn' : 'info'));
  const stop = stopSignals();
  let lock: Closeable | undefined;
  try {
    lock = await lockStudio(folder);
    const fleet = wantsFleet(places) ? await openFleet(places, log) : undefined;
    const server = await StudioServer.start({
      data: folder,
      host,
      port,
      noAuth: !auth,
      publicUrl: url?.replace(/\/+$/, ''),
      trustedProxies: trustProxy ?? [],
      log,
      createHost: ({ seal, events, secrets }) =>
        fleet?.host({ events, secrets, log: log.child({ part: 'rooms' }) }) ??
        new LocalRoomHost({
          folder: join(folder, 'run'),
          seal,
          newToken,
          log: log.child({ part: 'rooms' }),
          events,
          secrets,
        }),
    });
    let viewers: Closeable | undefined;
    try {
      const print = (line: string): void => void process.stdout.write(`${line}\n`);
      const setUp = server.setupLink();
      if (process.stdout.isTTY) {
        print('');
        if (setUp === undefined) print(`  ${words.open} ${server.url}/`);
        else print(`  ${words.setUp}\n  ${setUp}`);
        if (!auth) print(`  ${words.noAuth}`);
        if (!isLoopbackHost(host) && url?.startsWith('https:') !== true) print(`  ${words.plain}`);
        print('');
      } else
        print(JSON.stringify({ event: 'studio', url: `${server.url}/`, ...(setUp === undefined ? {} : { setUp }) }));
      if (demo) {
        const [{ openDemo }, { playViewers }] = await Promise.all([
          import('../../server/demo-room.js'),
          import('../play-viewers.js'),
        ]);
        viewers = await openDemo(server.studio, withViewers ? playViewers : undefined).catch((error: unknown) => {
          log.error({ error: String(error) }, 'the demo room is not on air');
          return undefined;
        });
      }
      await new Promise<void>((done) => {
        if (stop.signal.aborted) done();
        else stop.signal.addEventListener('abort', () => done(), { once: true });
      });
      if (process.stdout.isTTY) print(`\n  ${words.stays}`);
    } finally {
      await viewers?.close();
      await server.close();
    }
  } finally {
    await lock?.close();
    stop.close();
  }
}

/** `--redis`, or the variable that the commands of a fleet read, too. */
const wantsFleet = ({ redis }: Pick<StudioOptions, 'redis'>): boolean =>
  redis !== undefined || (process.env['SHOWROOM_REDIS'] ?? '') !== '';

/** Rooms on the workers of a fleet in place of this machine. */
async function openFleet(
  places: Pick<StudioOptions, 'redis' | 'store' | 'key'>,
  log: Log,
): Promise<{
  host(parts: Pick<FleetRoomHostOptions, 'events' | 'secrets' | 'log'>): FleetRoomHost;
}> {
  const [{ FleetRoomHost: Host }, { FleetClient }, { readFleetKey }, { openObjectStore }, { placesOf }] =
    await Promise.all([
      import('../../fleet/fleet-room-host.js'),
      import('../../fleet/fleet-client.js'),
      import('../../fleet/fleet-key.js'),
      import('../../fleet/store/open-object-store.js'),
      import('../fleet/fleet-options.js'),
    ]);
  const { redis, store } = await placesOf(places);
  const key = await readFleetKey(places.key, process.env);
  const fleet = await FleetClient.connect(redis, openObjectStore(store, process.env), { patient: true, log });
  return { host: (parts) => new Host({ fleet, key, ...parts }) };
}

async function backup(file: string, _options: object, command: Command): Promise<void> {
  const { backupStudio } = await import('../../server/backup.js');
  const { bytes, rooms } = await backupStudio(resolve(dataOf(command)), resolve(file));
  process.stdout.write(`✓ ${file}: ${rooms} rooms, ${(bytes / 1e6).toFixed(1)} MB\n`);
}

async function restore(file: string, _options: object, command: Command): Promise<void> {
  const { restoreStudio } = await import('../../server/backup.js');
  const { aside, rooms, running } = await restoreStudio(resolve(file), resolve(dataOf(command)));
  process.stdout.write(`✓ ${rooms} rooms restored\n`);
  if (aside !== undefined) process.stdout.write(`  what was there: ${aside}\n`);
  if (running.length > 0) process.stdout.write(`  on air all the while: ${running.join(', ')}\n`);
}

/** `--data` may stand before or after the subcommand. */
const dataOf = (command: Command): string => (command.optsWithGlobals() as { data?: string }).data ?? dataFolder();
