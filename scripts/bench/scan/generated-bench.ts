import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { AdmissionScan, type ScanMode } from '../../../src/codescan/admission/admission-scan.js';
import { EFFORT } from '../../../src/codescan/jobs/scan-memory.js';
import { warmUpScan } from '../../../src/codescan/jobs/scan-pace.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { i420Size, RectList } from '../../../src/core/media/picture.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { loadSharp } from '../../../src/scene/sharp.js';
import type { Placing } from './paint-symbol.js';
import { type FrameCounts, generateFrames, type Labelled } from './generated-frames.js';

export interface GeneratedOptions {
  seed: number;
  counts: FrameCounts;
  mode: ScanMode;
  /** Only these conditions and kinds. */
  only?: readonly string[] | undefined;
  /** One part of the frames, by their number. */
  shard?: { readonly part: number; readonly of: number } | undefined;
  /** Where frames with the wrong verdict are written as PNG. */
  dump?: string | undefined;
}

interface Tally {
  set: string;
  size: number;
  frames: number;
  hits: number;
}

interface Wrong {
  set: string;
  size: number;
  seed: number;
  found: string[];
  place?: Placing | undefined;
}

export interface GeneratedResult {
  seed: number;
  mode: ScanMode;
  tallies: Tally[];
  recallFrom60: number;
  recallAt40: number;
  liveAlarms: number;
  hardAlarms: number;
  /** Every frame with the wrong verdict. */
  wrong: Wrong[];
  /** CPU of one whole frame that is all new, and of one that gets only the cheap search; live mode. */
  cpuMs: { newMean: number; newMax: number; passingMedian: number };
}

/** The two frame sizes, each with its scan and the full frame as its only rectangle. */
async function openLive() {
  const zxing = await ZxingReader.open(LiveScan.pixels(1280, 720));
  const open = (w: number, h: number) => {
    const whole = new RectList(1);
    whole.push(0, 0, w, h);
    return { scan: new LiveScan(loadKernels(), zxing, w, h), whole };
  };
  const [landscape, portrait] = [open(1280, 720), open(720, 1280)];
  warmUpScan(landscape.scan, zxing, 1280, 720);
  return (width: number) => (width === 1280 ? landscape : portrait);
}

const NOWHERE = new Int32Array(4);
const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Scans generated frames; see `generateFrames`. */
export async function benchGenerated(options: GeneratedOptions): Promise<GeneratedResult> {
  const { seed, counts, mode, only, dump, shard } = options;
  const kernels = loadKernels();
  const live = await openLive();
  const admission = mode === 'admission' ? await AdmissionScan.open(loadKernels()) : undefined;
  const tallies = new Map<string, Tally>();
  const fresh: number[] = [];
  const passing: number[] = [];
  const wrong: Wrong[] = [];
  for await (const labelled of generateFrames(seed, counts, only, shard)) {
    const { frame, set, size } = labelled;
    const { scan, whole } = live(frame.width);
    let found: string[];
    if (admission !== undefined) {
      const before = process.cpuUsage();
      const verdict = admission.scanPicture(frame.rgba, frame.width, frame.height, 'admission');
      fresh.push(cpuMs(before));
      found = verdict.hits.map((h) => h.kind);
    } else {
      // As the compositor makes it: limited range, chroma at half size.
      const { data, width, height } = kernels.rgbaToYuva(frame.rgba, frame.width, frame.height, 0, 0);
      const picture = data.subarray(0, i420Size(width, height));
      if (size === 0 && set === 'live') {
        const before = process.cpuUsage();
        scan.run(picture, whole, NOWHERE, 0);
        passing.push(cpuMs(before));
      }
      const before = process.cpuUsage();
      scan.run(picture, whole, whole.items, EFFORT.deep | EFFORT.exact);
      fresh.push(cpuMs(before));
      found = scan.hits.map((h) => h.kind);
    }
    const key = `${set}\t${size}`;
    const tally = tallies.get(key) ?? { set, size, frames: 0, hits: 0 };
    tally.frames += 1;
    if (found.length > 0) tally.hits += 1;
    tallies.set(key, tally);
    if (found.length > 0 === size > 0) continue;
    wrong.push({ set, size, seed: labelled.seed, found, place: labelled.place });
    if (dump !== undefined) await write(dump, labelled, found);
  }
  admission?.close();
  const all = [...tallies.values()];
  const share = (list: Tally[]): number =>
    list.reduce((n, t) => n + t.hits, 0) /
    Math.max(
      1,
      list.reduce((n, t) => n + t.frames, 0),
    );
  passing.sort((a, b) => a - b);
  return {
    seed,
    mode,
    tallies: all,
    recallFrom60: share(all.filter((t) => t.size >= 60)),
    recallAt40: share(all.filter((t) => t.size === 40)),
    liveAlarms: share(all.filter((t) => t.set === 'live')),
    hardAlarms: share(all.filter((t) => t.size === 0 && t.set !== 'live')),
    wrong,
    cpuMs: {
      newMean: fresh.reduce((a, b) => a + b, 0) / Math.max(1, fresh.length),
      newMax: Math.max(0, ...fresh),
      passingMedian: passing[passing.length >> 1] ?? 0,
    },
  };
}

async function write(dir: string, { frame, set, size, seed }: Labelled, found: readonly string[]): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const sharp = await loadSharp();
  const name = [set.replaceAll(/\W+/g, '-'), size, seed, ...found].join('_');
  await sharp(frame.rgba, { raw: { width: frame.width, height: frame.height, channels: 4 } })
    .removeAlpha()
    .png()
    .toFile(join(dir, `${name}.png`));
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A table: one line per condition with its recall by size, then the false alarms. */
export function reportGenerated(result: GeneratedResult): string {
  const lines: string[] = [];
  const withCode = result.tallies.filter((t) => t.size > 0);
  const sizes = [...new Set(withCode.map((t) => t.size))].sort((a, b) => a - b);
  const cell = (text: string): string => text.padStart(8);
  lines.push(`${'hits / frames by size'.padEnd(24)}${sizes.map((s) => cell(`${s} px`)).join('')}`);
  for (const set of new Set(withCode.map((t) => t.set))) {
    const cells = sizes.map((size) => {
      const t = withCode.find((x) => x.set === set && x.size === size);
      return cell(t === undefined ? '' : `${t.hits}/${t.frames}`);
    });
    lines.push(set.padEnd(24) + cells.join(''));
  }
  lines.push(
    `recall from 60 px ${percent(result.recallFrom60)}, at 40 px ${percent(result.recallAt40)}`,
    '',
    'false alarms',
  );
  for (const t of result.tallies.filter((x) => x.size === 0))
    lines.push(`${t.set.padEnd(24)}${cell(`${t.hits}/${t.frames}`)}`);
  lines.push(
    `false alarms on live scenes ${percent(result.liveAlarms)}, on hard negatives ${percent(result.hardAlarms)}`,
  );
  const { newMean, newMax, passingMedian } = result.cpuMs;
  lines.push(
    `CPU ms per frame: all new ${newMean.toFixed(1)} (max ${newMax.toFixed(0)}), cheap search ${passingMedian.toFixed(2)} (median, whole frame)`,
  );
  return lines.join('\n');
}
