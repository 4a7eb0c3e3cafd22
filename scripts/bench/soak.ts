// Soak: a day of media as fast as possible, and a stretch of real time with the real encoders and a viewer.
//
//   npm run bench -- soak [--media-hours 24] [--fps 10] [--real-minutes 20] [--write] [--json]
//
// Either part is skipped with 0; Ctrl-C ends the media part early, and the finished part is judged. Exit code 1 when
// memory or handles grow, picture and sound are more than a frame apart, packets are missing or a frame left unjudged.
// --write updates docs/soak.md and docs/soak.svg.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';
import { judgeSoak } from './soak/judge-soak.js';
import { mediaSoak, type MediaSoakResult } from './soak/media-soak.js';
import { plotSoak } from './soak/plot-soak.js';
import { realSoak, type RealSoakResult } from './soak/real-soak.js';
import { soakReport } from './soak/soak-report.js';
import { scriptOptions } from './kit/script-options.js';

const args = scriptOptions(
  import.meta.url,
  {
    'media-hours': { type: 'string', default: '24' },
    'real-minutes': { type: 'string', default: '20' },
    fps: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  (given) => {
    if (!(Number(given['media-hours']) >= 0)) return `--media-hours: expected 0 or more, found ${given['media-hours']}`;
    const real = Number(given['real-minutes']);
    if (!(real === 0 || real >= 2)) return `--real-minutes: expected 0, or 2 or more, found ${given['real-minutes']}`;
    const rate = Number(given.fps);
    return Number.isInteger(rate) && rate >= 1 && rate <= 60
      ? undefined
      : `--fps: expected 1 to 60, found ${given.fps}`;
  },
);
const hours = Number(args['media-hours']);
const minutes = Number(args['real-minutes']);
const fps = Number(args.fps);
const enough = new AbortController();
const say = (line: string): void => void process.stderr.write(`soak: ${line}\n`);

const dir = mkdtempSync(join(tmpdir(), 'showroom-soak-'));
let media: MediaSoakResult | undefined;
let real: RealSoakResult | undefined;
try {
  // One after the other: in parallel they would compete for the processor.
  if (minutes > 0) real = await realSoak(minutes, dir, say);
  process.once('SIGINT', () => enough.abort());
  if (hours > 0) media = await mediaSoak(hours, fps, dir, say, enough.signal);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
const verdict = judgeSoak(media, real);
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
const report = soakReport({ media, real, verdict, machine });
if (args.write) {
  writeFileSync(join(packageRoot(), 'docs', 'soak.md'), report);
  writeFileSync(join(packageRoot(), 'docs', 'soak.svg'), plotSoak(media, real));
}
process.stdout.write(args.json ? `${JSON.stringify({ misses: verdict.misses, media, real })}\n` : report);
process.exit(verdict.misses.length === 0 ? 0 : 1);
