import type { ControlServer } from '../control/control-server.js';
import type { LiveRoom } from '../engine/room/live-room.js';

export interface AddressParts {
  readonly room: LiveRoom;
  readonly control: ControlServer;
  readonly token: string;
  readonly tty: boolean;
  readonly tokenIsOurs: boolean;
}

/** Says once, at start, what is where. The token is shown only when the engine made it. */
export function printAddresses({ room, control, token, tty, tokenIsOurs }: AddressParts): void {
  const addresses = {
    watch: tokenIsOurs ? `${control.url}/#token=${token}` : `${control.url}/`,
    whep: `${control.url}/whep`,
    rtmp: room.addresses.rtmp,
    flv: room.addresses.flv,
    metrics: `${control.url}/metrics`,
    health: `${control.url}/healthz`,
  };
  if (!tty) {
    process.stdout.write(
      `${JSON.stringify({ event: 'on-air', room: room.snapshot().name, ...addresses, ...(tokenIsOurs ? { token } : {}) })}\n`,
    );
    return;
  }
  const lines: [string, string][] = [
    ['watch 观看', addresses.watch],
    ['WHEP', addresses.whep],
    ['RTMP pull 拉流', addresses.rtmp],
    ['HTTP-FLV pull', addresses.flv],
    ['metrics 指标', addresses.metrics],
    ['token 口令', tokenIsOurs ? token : 'as ENGINE_TOKEN says'],
  ];
  const { name, width, height, fps } = room.snapshot();
  process.stdout.write(`\n  On air: ${name}, ${width}×${height} at ${fps} fps\n\n`);
  for (const [what, where] of lines)
    process.stdout.write(`  ${what}${' '.repeat(Math.max(1, 18 - displayWidth(what)))}${where}\n`);
  process.stdout.write('\n');
}

/** Columns on a terminal: CJK characters take two. */
const displayWidth = (text: string): number =>
  [...text].reduce((sum, c) => sum + (c.codePointAt(0)! >= 0x2e80 ? 2 : 1), 0);
