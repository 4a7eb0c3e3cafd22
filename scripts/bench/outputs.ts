/**
 * The CPU cost of one RTMP output, and of nine more: `npm run bench -- outputs --seconds 10 --json`.
 *
 * Packets of 2.5 Mbit/s at 30 fps and 128 kbit/s of sound go through the room's ring to nginx on loopback; only this
 * process's CPU time counts. One and ten are measured alternately, three times, and the medians compared.
 */
import { randomBytes } from 'node:crypto';
import { silentLog } from '../../src/core/log.js';
import type { EncodedPacket, PacketSource } from '../../src/core/media/packets.js';
import { ticks90k } from '../../src/core/time.js';
import { PacketRing } from '../../src/encoder/packet-ring.js';
import { OutputSupervisor } from '../../src/outputs/output-supervisor.js';
import { FlvBodies } from '../../src/outputs/rtmp/flv-muxer.js';
import { RtmpOutput } from '../../src/outputs/rtmp/rtmp-output.js';
import { NginxRtmp } from './faults/nginx-rtmp.js';
import { scriptOptions } from './kit/script-options.js';

const MAX_SHARE = 0.15;
const TURNS = 3;
const VIDEO_KBPS = 2500;
const AAC_KBPS = 128;
const GOP = 60;
const SPS = Buffer.from('0000000167640020acd94050057a10000003001000000303c0f1831960', 'hex');
const PPS = Buffer.from('0000000168ebecb22c', 'hex');

/** Without a start code in it, so it is one NAL unit. */
const noise = (bytes: number): Buffer => randomBytes(bytes).map((byte) => (byte === 0 ? 1 : byte)) as Buffer;

/** Typical frame sizes at this bitrate: an IDR takes as much as eight others. */
class PacedRing implements PacketSource {
  private readonly ring = new PacketRing();
  private readonly small: Buffer;
  private readonly big: Buffer;
  private readonly sound = noise((AAC_KBPS * 125 * 1024) / 48_000);
  private readonly timer: NodeJS.Timeout;
  private n = 0;
  private heard = 0;
  private readonly startMs = performance.now();

  constructor() {
    const perGop = (VIDEO_KBPS * 125 * GOP) / 30;
    const unit = perGop / (GOP - 1 + 8);
    this.small = Buffer.concat([Buffer.from('0000000141', 'hex'), noise(unit)]);
    this.big = Buffer.concat([SPS, PPS, Buffer.from('0000000165', 'hex'), noise(unit * 8)]);
    this.timer = setInterval(() => this.tick(), 5);
  }

  private tick(): void {
    const pts = (performance.now() - this.startMs) * 90;
    for (; this.n * 3000 <= pts; this.n += 1) {
      const key = this.n % GOP === 0;
      this.push('h264', this.n * 3000, 3000, key, key ? this.big : this.small);
    }
    for (; this.heard * 1920 <= pts; this.heard += 1) this.push('aac', this.heard * 1920, 1920, true, this.sound);
  }

  private push(codec: 'h264' | 'aac', pts: number, duration: number, key: boolean, data: Buffer): void {
    const kind = codec === 'h264' ? 'video' : 'audio';
    const packet: EncodedPacket = {
      codec,
      kind,
      pts: ticks90k(pts),
      duration: ticks90k(duration),
      key,
      generation: 1,
      data,
    };
    this.ring.push(packet);
  }

  open: PacketSource['open'] = (options) => this.ring.open(options);
  requestKeyFrame(): void {}
  h264: PacketSource['h264'] = () => ({ sps: SPS.subarray(4), pps: PPS.subarray(4) });
  aac: PacketSource['aac'] = () => ({ config: Buffer.from([0x11, 0x90]), sampleRateHz: 48_000, channels: 2 });
  acquire: PacketSource['acquire'] = async () => () => undefined;
  close(): void {
    clearInterval(this.timer);
    this.ring.close();
  }
}

/** CPU seconds per second with this many outputs, once all are live. */
async function measure(source: PacketSource, nginx: NginxRtmp, outputs: number, seconds: number): Promise<number> {
  const bodies = new FlvBodies();
  const supervisor = new OutputSupervisor({
    outputs: Array.from({ length: outputs }, (_, i) => {
      const id = `o${i}`;
      const size = { width: 1280, height: 720, rate: { num: 30, den: 1 } };
      const url = nginx.url(`${outputs}-${i}`);
      const rates = { videoKbps: VIDEO_KBPS, aacKbps: AAC_KBPS, maxLagMs: 4000 };
      return new RtmpOutput({ id, url, source, bodies, ...size, ...rates });
    }),
    log: silentLog,
  });
  supervisor.start();
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  for (let i = 0; i < 100 && !supervisor.snapshots().every(({ state }) => state === 'live'); i += 1) await sleep(100);
  if (!supervisor.snapshots().every(({ state }) => state === 'live')) throw new Error('not all outputs went live');
  await sleep(1000);
  const sentBefore = supervisor.snapshots().reduce((sum, { bytesSent }) => sum + bytesSent, 0);
  const before = process.cpuUsage();
  const startMs = performance.now();
  await sleep(seconds * 1000);
  const used = process.cpuUsage(before);
  const passedMs = performance.now() - startMs;
  const snapshots = supervisor.snapshots();
  const sent = snapshots.reduce((sum, { bytesSent }) => sum + bytesSent, 0) - sentBefore;
  await supervisor.close();
  const wanted = ((VIDEO_KBPS + AAC_KBPS) * 125 * outputs * passedMs) / 1000;
  if (sent < wanted * 0.85 || snapshots.some(({ packetsDropped, reconnects }) => packetsDropped + reconnects > 0)) {
    throw new Error(`${outputs} outputs sent ${sent} of ${Math.round(wanted)} bytes`);
  }
  return (used.user + used.system) / 1000 / passedMs;
}

const values = scriptOptions(import.meta.url, {
  seconds: { type: 'string', default: '10' },
  json: { type: 'boolean' },
});
const nginx = await NginxRtmp.start();
const source = new PacedRing();
const shares: Record<1 | 10, number[]> = { 1: [], 10: [] };
try {
  await measure(source, nginx, 10, 2); // warm
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const outputs of [1, 10] as const) {
      shares[outputs].push(await measure(source, nginx, outputs, Number(values.seconds)));
    }
  }
} finally {
  source.close();
  await nginx.close();
}
const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
const [one, ten] = [median(shares[1]), median(shares[10])];
const more = ten - one;
const missed = more > MAX_SHARE;
if (values.json) {
  console.log(JSON.stringify({ one, ten, more, most: MAX_SHARE, shares, misses: missed ? 1 : 0 }));
} else {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} % of a core`;
  console.log(`one RTMP output   ${percent(one)}\nten               ${percent(ten)}`);
  console.log(`nine more cost    ${percent(more)} (at most ${percent(MAX_SHARE)}): ${missed ? 'MISSED' : 'reached'}`);
}
process.exitCode = missed ? 1 : 0;
