import { runChild } from '../core/processes/child-process.js';

export interface SystemdUnitParts {
  /** The service's name: letters, digits, dashes. */
  readonly name: string;
  readonly roomName: string;
  /** Absolute paths of Node, of the command line's program, and of the room file. */
  readonly node: string;
  readonly main: string;
  readonly roomFile: string;
  /** The account; undefined: systemd makes one while the service runs. */
  readonly user: string | undefined;
  readonly envFile: string | undefined;
  readonly ffmpeg: string | undefined;
  /** Folder of the installed models; undefined: below the service's own state. */
  readonly models: string | undefined;
  /** Camera devices that the room writes to. */
  readonly devices: readonly string[];
  /** Folders besides its own that the room writes to. */
  readonly folders: readonly string[];
  readonly noticesByItself: boolean;
  /** Of systemd on this machine; undefined: not known. */
  readonly systemdVersion: number | undefined;
}

/** The first version that slows restarts down. */
const RESTART_STEPS_SINCE = 254;

/** A frame loop that hangs this long is restarted. */
const WATCHDOG_S = 15;

/** A value quoted for systemd: `%` and `$` are special (systemd.syntax(7)). */
const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
const quotedPath = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;

const ASK_TIMEOUT_MS = 5000;

/** The version of systemd on this machine; undefined without systemd. */
export function systemdVersion(program = 'systemctl'): Promise<number | undefined> {
  return new Promise((resolve) => {
    runChild(program, ['--version'], { timeout: ASK_TIMEOUT_MS }, ((_error: unknown, stdout: string) => {
      const version = /^systemd (\d+)/.exec(stdout)?.[1];
      resolve(version === undefined ? undefined : Number(version));
    }) as never);
  });
}

/**
 * A unit (systemd.service(5)) that starts a room with the machine and restarts it for ever. It and its children
 * (ffmpeg, speech) may use only the network, the files they read, and folders of their own.
 */
export function systemdUnit(parts: SystemdUnitParts): string {
  const {
    name,
    node,
    main,
    roomFile,
    user,
    envFile,
    ffmpeg,
    models,
    devices,
    folders,
    noticesByItself,
    systemdVersion = 0,
  } = parts;
  const atHome = [node, main, roomFile, ffmpeg ?? '', models ?? '', ...folders].some((path) =>
    /^\/(home|root|run\/user)\//.test(path),
  );
  const lines = [
    '[Unit]',
    `Description=Showroom room ${parts.roomName.replace(/\s+/g, ' ').replaceAll('%', '%%')}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '# Restart without limit.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=notify',
    `NotifyAccess=${noticesByItself ? 'main' : 'all'}`,
    `ExecStart=${[node, main, 'start', '--room', roomFile].map(quoted).join(' ')}`,
    ...(user === undefined ? ['DynamicUser=yes'] : [`User=${user}`]),
    `StateDirectory=${name}`,
    `CacheDirectory=${name}`,
    `WorkingDirectory=%S/${name}`,
    `Environment=XDG_CACHE_HOME=%C/${name}`,
    models === undefined
      ? `Environment=ENGINE_MODELS=%S/${name}/models`
      : `Environment=${quotedPath(`ENGINE_MODELS=${models}`)}`,
    ...(ffmpeg === undefined || ffmpeg === '' ? [] : [`Environment=${quotedPath(`ENGINE_FFMPEG=${ffmpeg}`)}`]),
    ...(envFile === undefined ? [] : [`EnvironmentFile=${envFile.replaceAll('%', '%%')}`]),
    '',
    '# Exit codes of a stop during the start.',
    'SuccessExitStatus=130',
    'TimeoutStartSec=120',
    `WatchdogSec=${WATCHDOG_S}`,
    'WatchdogSignal=SIGKILL',
    'Restart=always',
    'RestartSec=1',
    ...(systemdVersion < RESTART_STEPS_SINCE
      ? []
      : ['# Slower after failures in a row.', 'RestartSteps=6', 'RestartMaxDelaySec=30']),
    '# The engine ends its children itself; an encoder that the system kills is replaced by the engine.',
    'KillMode=mixed',
    'TimeoutStopSec=20',
    'OOMPolicy=continue',
    '# A frame is due every few milliseconds, whatever else the machine does.',
    'Nice=-10',
    '# While it starts beside another room it runs lower, and rises again.',
    'LimitNICE=-10',
    'LimitCORE=0',
    '',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
    'ProtectSystem=strict',
    `ProtectHome=${atHome ? 'read-only' : 'yes'}`,
    ...(folders.length === 0 ? [] : [`ReadWritePaths=${folders.map(quotedPath).join(' ')}`]),
    'PrivateTmp=yes',
    ...(devices.length === 0
      ? ['PrivateDevices=yes']
      : ['DevicePolicy=closed', ...devices.map((device) => `DeviceAllow=${device} rw`), 'SupplementaryGroups=video']),
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectProc=invisible',
    'LockPersonality=yes',
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallErrorNumber=EPERM',
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}
