// Recall, false alarms and CPU time of the frame scan, on generated live-room frames or on labelled pictures.
//
//   npm run bench -- scan [--quick] [--seed N] [--only SET] [--dump DIR] [--mode live|admission]
//                          [--shard I/N] [--json]
//   npm run bench -- scan --corpus DIR [--mode live|admission] [--json]
//
// Without a corpus, seeded frames are made (scripts/bench/scan/): 1,680 with codes, 1,000 live scenes and 560
// imitations without; --quick: an eighth of that. Shards of 5 or 7 parts hold a
// bit of everything. --dump writes those with the wrong verdict as PNG.
// Every folder below DIR that holds pictures is a set. Sets named falsepositives-* and ean13-* must give no
// alarm; all others hold a code in each picture. CPU time is that of the process, for one picture.
import { readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import sharp from 'sharp';
import { AdmissionScan, type ScanMode } from '../../src/codescan/admission/admission-scan.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { benchGenerated, reportGenerated } from './scan/generated-bench.js';
import { scriptOptions } from './kit/script-options.js';

interface SetResult {
  set: string;
  mode: ScanMode;
  expected: 'hit' | 'clean';
  pictures: number;
  hits: number;
  /** Share of pictures with the expected verdict. */
  right: number;
  cpuMsMean: number;
  cpuMsMax: number;
  wrong: string[];
}

const FULL = { withCode: 1680, live: 1000, hard: 560 };
const QUICK = { withCode: 210, live: 100, hard: 102 };

const args = scriptOptions(
  import.meta.url,
  {
    corpus: { type: 'string' },
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    dump: { type: 'string' },
    mode: { type: 'string' },
    shard: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  ({ mode }) =>
    mode === undefined || mode === 'live' || mode === 'admission'
      ? undefined
      : `--mode: expected live or admission, found ${mode}`,
);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
if (args.corpus === undefined) {
  const result = await benchGenerated({
    seed: Number(args.seed),
    counts: args.quick ? QUICK : FULL,
    mode: (args.mode ?? 'live') as ScanMode,
    only: args.only?.split(';'),
    dump: args.dump,
    shard: shardOf(args.shard),
  });
  print(args.json ? JSON.stringify(result, null, 2) : reportGenerated(result));
  process.exit(0);
}
const corpus = args.corpus;

/** `2/4`: the second of four parts. */
function shardOf(text: string | undefined): { part: number; of: number } {
  const [part = 1, of = 1] = (text ?? '1/1').split('/').map(Number);
  if (!(part >= 1 && part <= of)) throw new Error(`--shard: expected I/N with I from 1 to N, found ${text}`);
  return { part, of };
}

const PICTURE = /\.(png|jpe?g|webp)$/i;
function setsBelow(dir: string): { dir: string; files: string[] }[] {
  const entries = readdirSync(dir, { withFileTypes: true });
  const files = entries.filter((e) => e.isFile() && PICTURE.test(e.name)).map((e) => e.name);
  const here = files.length > 0 ? [{ dir, files: files.sort() }] : [];
  return [...here, ...entries.filter((e) => e.isDirectory()).flatMap((e) => setsBelow(join(dir, e.name)))];
}

async function readPicture(file: string): Promise<{ rgba: Uint8Array; width: number; height: number }> {
  const { data, info } = await sharp(file)
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgba: data, width: info.width, height: info.height };
}

async function measure(scan: AdmissionScan, corpus: string, mode: ScanMode): Promise<SetResult[]> {
  const results: SetResult[] = [];
  for (const { dir, files } of setsBelow(corpus)) {
    const expected = /^(falsepositives|ean13)/.test(basename(dir)) ? 'clean' : 'hit';
    const wrong: string[] = [];
    let hits = 0;
    let sum = 0;
    let max = 0;
    for (const file of files) {
      const { rgba, width, height } = await readPicture(join(dir, file));
      const before = process.cpuUsage();
      const { verdict } = scan.scanPicture(rgba, width, height, mode);
      const used = process.cpuUsage(before);
      const ms = (used.user + used.system) / 1000;
      sum += ms;
      max = Math.max(max, ms);
      if (verdict === 'violation') hits += 1;
      if ((verdict === 'violation') !== (expected === 'hit')) wrong.push(file);
    }
    results.push({
      set: relative(corpus, dir) || basename(dir),
      mode,
      expected,
      pictures: files.length,
      hits,
      right: (files.length - wrong.length) / files.length,
      cpuMsMean: sum / files.length,
      cpuMsMax: max,
      wrong,
    });
  }
  return results;
}

const scan = await AdmissionScan.open(loadKernels());
const modes: ScanMode[] = args.mode === undefined ? ['live', 'admission'] : [args.mode as ScanMode];
const results: SetResult[] = [];
for (const mode of modes) results.push(...(await measure(scan, corpus, mode)));
scan.close();

if (args.json) print(JSON.stringify({ results }, null, 2));
else {
  print(`${'set'.padEnd(30)} mode       expected  right   n    CPU ms mean   max  wrong`);
  for (const r of results) {
    const cells = [
      r.set.padEnd(30),
      r.mode.padEnd(10),
      r.expected.padEnd(8),
      `${(r.right * 100).toFixed(1)} %`.padStart(8),
      String(r.pictures).padStart(4),
      r.cpuMsMean.toFixed(1).padStart(12),
      r.cpuMsMax.toFixed(0).padStart(7),
      r.wrong.join(' '),
    ];
    print(cells.join(' '));
  }
}
