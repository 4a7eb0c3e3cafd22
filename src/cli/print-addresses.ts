import { networkInterfaces } from 'node:os';
import type { ControlServer } from '../control/control-server.js';
import type { LiveRoom } from '../room/live-room.js';
import { displayWidth } from './terminal/display-width.js';
import type { TerminalLanguage } from './terminal/terminal-language.js';

export interface AddressParts {
  readonly room: Pick<LiveRoom, 'addresses' | 'snapshot'>;
  readonly control: Pick<ControlServer, 'url' | 'port'>;
  /** Listening address from the room file. */
  readonly host: string;
  readonly token: string;
  readonly tokenIsOurs: boolean;
  /** Language of the terminal; undefined without one: prints a line of JSON. */
  readonly terminal: TerminalLanguage | undefined;
  readonly print: (line: string) => void;
  /** For tests: addresses of this machine in its networks. */
  readonly lan?: readonly string[];
}

const LABELS = {
  en: {
    watch: 'watch',
    lan: 'in the network',
    rtmp: 'RTMP pull',
    flv: 'HTTP-FLV pull',
    metrics: 'metrics',
    token: 'token',
    tokenGiven: 'as set in ENGINE_TOKEN',
    onAir: (name: string, size: string, fps: number) => `On air: ${name}, ${size} at ${fps} fps`,
    open: '! Open to the network without TLS: the token travels in the clear.',
    proxy: '  Put HTTPS in front of it (docs/api.md), or set control.host to 127.0.0.1.',
  },
  zh: {
    watch: '观看',
    lan: '局域网',
    rtmp: 'RTMP 拉流',
    flv: 'HTTP-FLV 拉流',
    metrics: '指标',
    token: '口令',
    tokenGiven: '见 ENGINE_TOKEN',
    onAir: (name: string, size: string, fps: number) => `直播中：${name}，${size}，${fps} fps`,
    open: '! 已对网络开放且未加密：口令以明文传输。',
    proxy: '  请在前面加 HTTPS 反向代理（docs/api.md），或把 control.host 设为 127.0.0.1。',
  },
} as const;

const ANYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^(127\.|localhost$|::1$)/;

/** Prints the addresses once, at start. The token is shown only when the engine made it. */
export function printAddresses(parts: AddressParts): void {
  const { room, control, host, token, tokenIsOurs, terminal, print } = parts;
  const everywhere = ANYWHERE.has(host);
  const base = everywhere ? `http://127.0.0.1:${control.port}` : control.url;
  const fragment = tokenIsOurs ? `#token=${token}` : '';
  const lan = everywhere ? (parts.lan ?? lanAddresses()).map((ip) => `http://${ip}:${control.port}/${fragment}`) : [];
  const addresses = {
    watch: `${base}/${fragment}`,
    ...(lan.length === 0 ? {} : { lan }),
    whep: `${base}/whep`,
    rtmp: room.addresses.rtmp,
    flv: room.addresses.flv,
    metrics: `${base}/metrics`,
    health: `${base}/healthz`,
  };
  const { name, width, height, fps } = room.snapshot();
  if (terminal === undefined) {
    print(JSON.stringify({ event: 'on-air', room: name, ...addresses, ...(tokenIsOurs ? { token } : {}) }));
    return;
  }
  const words = LABELS[terminal];
  const lines: [string, string][] = [
    [words.watch, addresses.watch],
    ...lan.map((url): [string, string] => [words.lan, url]),
    ['WHEP', addresses.whep],
    [words.rtmp, addresses.rtmp],
    [words.flv, addresses.flv],
    [words.metrics, addresses.metrics],
    [words.token, tokenIsOurs ? token : words.tokenGiven],
  ];
  print('');
  print(`  ${words.onAir(name, `${width}×${height}`, fps)}`);
  print('');
  for (const [what, where] of lines) print(`  ${what}${' '.repeat(Math.max(1, 18 - displayWidth(what)))}${where}`);
  print('');
  if (!LOOPBACK.test(host)) {
    print(`  ${words.open}`);
    print(`  ${words.proxy}`);
    print('');
  }
}

/** Addresses of this machine in its networks; IPv4, as people type it. */
function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
