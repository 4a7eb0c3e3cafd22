export interface SystemdUnitParts {
  /** Of the service: letters, digits, dashes. */
  readonly name: string;
  readonly roomName: string;
  /** Absolute paths of Node, of the command line's program, and of the room file. */
  readonly node: string;
  readonly main: string;
  readonly roomFile: string;
  /** An account; one is made while the service runs when undefined. */
  readonly user: string | undefined;
  readonly envFile: string | undefined;
  readonly ffmpeg: string | undefined;
  /** Camera devices that the room writes. */
  readonly devices: readonly string[];
  /** Folders besides its own that the room writes. */
  readonly folders: readonly string[];
  readonly noticesByItself: boolean;
}

/** A frame loop that stands still this long is ended and started anew. */
const WATCHDOG_S = 15;

/** A value as systemd reads it back: `%` and `$` are its own signs (systemd.syntax(7)). */
const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
const quotedPath = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;

/**
 * A unit (systemd.service(5)) that starts a room with the machine, restarts it for ever, and lets it and its children
 * (ffmpeg, speech) touch nothing but the network, what they read, and folders of their own.
 */
export function systemdUnit(parts: SystemdUnitParts): string {
  const { name, node, main, roomFile, user, envFile, ffmpeg, devices, folders, noticesByItself } = parts;
  const atHome = [node, main, roomFile, ffmpeg ?? '', ...folders].some((path) =>
    /^\/(home|root|run\/user)\//.test(path),
  );
  const lines = [
    '[Unit]',
    `Description=Showroom room ${parts.roomName.replace(/\s+/g, ' ').replaceAll('%', '%%')}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '# Never given up.',
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
    ...(ffmpeg === undefined || ffmpeg === '' ? [] : [`Environment=${quotedPath(`ENGINE_FFMPEG=${ffmpeg}`)}`]),
    ...(envFile === undefined ? [] : [`EnvironmentFile=${envFile.replaceAll('%', '%%')}`]),
    '',
    '# What a stop during the start ends with.',
    'SuccessExitStatus=130',
    'TimeoutStartSec=120',
    `WatchdogSec=${WATCHDOG_S}`,
    'WatchdogSignal=SIGKILL',
    'Restart=always',
    'RestartSec=1',
    '# Slower after failures in a row; older systemd knows neither and stays at one second.',
    'RestartSteps=6',
    'RestartMaxDelaySec=30',
    '# The engine ends its children itself; an encoder that the system kills is replaced by the engine.',
    'KillMode=mixed',
    'TimeoutStopSec=20',
    'OOMPolicy=continue',
    '# A frame is due every few milliseconds, whatever else the machine does.',
    'Nice=-10',
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
