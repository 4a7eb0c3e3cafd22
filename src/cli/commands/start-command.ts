import { Command } from 'commander';
import { logLevel } from '../parse-log-level.js';
import { numberBetween } from '../parse-option.js';
import { takeServiceCall } from '../service-watchdog.js';
import { stopSignals } from '../stop-signals.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

interface StartOptions {
  room: string;
  for?: number;
  seed?: number;
  fresh?: boolean;
  port?: number;
}

export function startCommand(): Command {
  return new Command('start')
    .description('Puts a room on air')
    .requiredOption('--room <file>', 'room file')
    .option('--for <seconds>', 'stop after this many seconds', numberBetween(0.1, 1e9, 'seconds'))
    .option('--seed <n>', 'seed instead of the room file’s', numberBetween(0, 0xffff_ffff, 'a whole number', true))
    .option('--fresh', 'begin the script anew after a crash, and forget mute and blank of the run before')
    .option(
      '--port <n>',
      'HTTP port instead of the room file’s; 0 takes a free one',
      numberBetween(0, 65_535, 'a port', true),
    )
    .addHelpText(
      'after',
      `
On a terminal events are sentences above a status line, in the language of LANG (en, zh); otherwise standard output and
error get JSON lines, the status once a minute. Ctrl-C stops (exit code 0), a second one ends it at once (130); a closed
terminal (SIGHUP) does not. ENGINE_TOKEN sets the API's token, ENGINE_FFMPEG the ffmpeg, ENGINE_LOG the log level, ENGINE_NICE the
priority (-10 where the system allows it; 0 asks for none).

Examples:
  engine start --room templates/rooms/demo-portrait/room.json
  TAOBAO_KEY=… engine start --room my-room.json --port 9000
  engine start --room my-room.json --for 60 --seed 7`,
    )
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const stop = stopSignals();
  const service = takeServiceCall(process.env, process.pid);
  const { startPreloadedThreads } = await import('../../engine/room/start/preload-threads.js');
  const early = startPreloadedThreads();
  const [
    { loadRoom },
    { createLog },
    { newToken },
    { requireFreePort },
    { LiveRoom },
    { printAddresses },
    { showConsole },
    { watchService, watchStart },
  ] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../core/log.js'),
    import('../../control/auth.js'),
    import('../../control/port-free.js'),
    import('../../engine/room/live-room.js'),
    import('../print-addresses.js'),
    import('../terminal/show-console.js'),
    import('../watch-service.js'),
  ]);
  const shown = showConsole({
    language: terminalLanguage(process.env),
    level: (usual) => logLevel(process.env['ENGINE_LOG'], usual),
    jsonLog: createLog,
  });
  stop.onHangup = () => shown.hungUp();
  try {
    const config = loadRoom(options.room);
    const { log } = shown;
    const { host } = config.control;
    const port = options.port ?? config.control.port;
    await requireFreePort(host, port);
    const token = process.env['ENGINE_TOKEN'] || newToken();
    const loading = await watchStart(service);
    shown.preparing(config.name);
    stop.onStop = () => shown.stopping();
    const room = await LiveRoom.start(options.seed === undefined ? config : { ...config, seed: options.seed }, {
      log,
      signal: stop.signal,
      early,
      fresh: options.fresh === true,
    }).finally(() => void loading.close());
    try {
      // Loaded when the pictures flow already.
      const { ControlServer } = await import('../../control/control-server.js');
      const control = await ControlServer.start({ room, host, port, token, log });
      try {
        const tokenIsOurs = !process.env['ENGINE_TOKEN'];
        const { terminal } = shown;
        const print = (line: string): void => shown.print(line);
        printAddresses({ room, control, host, token, tokenIsOurs, terminal, print });
        const watchdog = await watchService(service, room);
        const status = shown.status(room);
        // The summary comes at once, so that it is not waited for; the parts close after it.
        stop.onStop = () => {
          shown.stopping();
          status.close();
        };
        const timer = options.for === undefined ? undefined : setTimeout(() => stop.stop(), options.for * 1000);
        try {
          await room.ended(stop.signal);
        } finally {
          clearTimeout(timer);
          status.close();
          await watchdog.close();
        }
      } finally {
        await control.close();
      }
    } finally {
      await room.close();
    }
  } finally {
    await shown.close();
    stop.close();
  }
}
