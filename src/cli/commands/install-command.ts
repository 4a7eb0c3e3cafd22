import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { requireOptions } from '../options.js';

interface InstallOptions {
  systemd?: boolean;
  room: string;
  user?: string;
  env?: string;
  name?: string;
}

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/;

const plainName =
  (what: string) =>
  (text: string): string => {
    if (NAME.test(text)) return text;
    throw new InvalidArgumentError(`expected ${what} of letters, digits, "-", "_" and ".", found "${text}".`);
  };

export function installCommand(): Command {
  return new Command('install')
    .description('Prints a service unit that keeps a room on air. 打印系统服务配置，让直播间开机自启、全天在线。')
    .option('--room <file>', 'room file')
    .option('--systemd', 'print a systemd unit')
    .option('--user <name>', 'account it runs under; default: one made for the service', plainName('an account'))
    .option('--env <file>', 'file with the environment: stream keys, ENGINE_TOKEN')
    .option('--name <name>', 'name of the service; default: the room’s', plainName('a name'))
    .addHelpText(
      'after',
      `
The unit is printed to standard output, instructions to standard error.

Examples:
  engine install --systemd --room /srv/showroom/room.json > showroom.service
  engine install --systemd --room room.json --user live --env /etc/showroom/keys.env`,
    )
    .hook('preAction', requireOptions('room'))
    .action(install);
}

async function install(options: InstallOptions): Promise<void> {
  const [
    { EngineError },
    { readRoomWithoutKeys },
    { packageRoot },
    { noticesByItself },
    { systemdUnit },
    { systemdVersion },
    { isInstalled, WEIGHTS_IDS, WEIGHTS_VARIABLE, weightsFolder, weightsRoot },
  ] = await Promise.all([
    import('../../core/errors.js'),
    import('../../config/read-room-without-keys.js'),
    import('../../core/files/paths.js'),
    import('../../native/service-notice.js'),
    import('../systemd-unit.js'),
    import('../systemd-unit.js'),
    import('../../weights/index.js'),
  ]);
  if (options.systemd !== true) {
    throw new EngineError('E_BAD_REQUEST', {
      where: 'engine install',
      expected: '--systemd',
      found: 'no service manager',
      todo: 'other service managers can run `engine start --room FILE`',
    });
  }
  const room = readRoomWithoutKeys(options.room);
  const name = options.name ?? `showroom-${room.name.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^[-.]+|-+$/g, '')}`;
  const devices = room.outputs.flatMap((output) => (output.kind === 'v4l2' ? [output.device] : []));
  const folders = room.outputs.flatMap((output) => (output.kind === 'recording' ? [output.dir] : []));
  if (room.compliance.ledger !== undefined) folders.push(dirname(room.ledgerFile));
  const given = process.env[WEIGHTS_VARIABLE];
  const installed = WEIGHTS_IDS.filter((id) => isInstalled(id));
  const isMine = options.user !== undefined && options.user === userInfo().username && installed.length > 0;
  const moved = isMine ? weightsRoot() : given === undefined || given === '' ? undefined : resolve(given);
  process.stdout.write(
    systemdUnit({
      name,
      roomName: room.name,
      node: process.execPath,
      main: join(packageRoot(), 'dist', 'cli', 'main.js'),
      roomFile: resolve(options.room),
      user: options.user,
      envFile: options.env === undefined ? undefined : resolve(options.env),
      ffmpeg: process.env['ENGINE_FFMPEG'],
      models: moved,
      devices,
      folders,
      noticesByItself: noticesByItself(),
      systemdVersion: await systemdVersion(),
    }),
  );
  const more = (['user', 'env', 'name'] as const).flatMap((key) =>
    options[key] === undefined ? [] : [` --${key} ${options[key]}`],
  );
  const remarks: string[] = [];
  if (options.user === undefined && folders.length > 0)
    remarks.push(
      `The service's own account must be able to write ${folders.join(', ')}; or name another account with --user.`,
    );
  if (options.env !== undefined && !existsSync(options.env))
    remarks.push(`${resolve(options.env)} does not exist yet: without it the service does not start.`);
  // An account of the service's own has no view of this user's models.
  if (moved === undefined && installed.length > 0) {
    const folder = `${WEIGHTS_VARIABLE}=/var/lib/${name}/models`;
    const commands = installed.map(
      (id) => `  sudo env ${folder} engine model install ${id} --from ${weightsFolder(id)}`,
    );
    remarks.push(`Give it the installed models (把已装的模型交给它):\n${commands.join('\n')}`);
  }
  process.stderr.write(`${remarks.map((one) => `\n${one}\n`).join('')}
Install and start it (把它装好并启动):
  engine install --systemd --room ${options.room}${more.join('')} | sudo tee /etc/systemd/system/${name}.service
  sudo systemctl daemon-reload
  sudo systemctl enable --now ${name}
  systemctl status ${name}; journalctl -fu ${name}
`);
}
