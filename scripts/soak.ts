// Soak: a day of media as fast as it goes, and a stretch of real time with the real encoders and a viewer.
//
//   npm run soak -- [--media-hours 24] [--fps 10] [--real-minutes 20] [--write] [--json]
//
// Either part is left out with 0; Ctrl-C ends the media early, and what ran is judged. Exit code 1 when memory or handles grow, picture and sound are more than a frame
// apart, packets go missing or a frame left unjudged. --write brings docs/soak.md and docs/soak.svg up to date.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/core/paths.js';
import { judgeSoak } from './soak/judge-soak.js';
import { mediaSoak, type MediaSoakResult } from './soak/media-soak.js';
import { plotSoak } from './soak/plot-soak.js';
import { realSoak, type RealSoakResult } from './soak/real-soak.js';
import { soakReport } from './soak/soak-report.js';

const { values: args } = parseArgs({
  options: {
    'media-hours': { type: 'string', default: '24' },
    'real-minutes': { type: 'string', default: '20' },
    fps: { type: 'string', default: '10' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const hours = Number(args['media-hours']);
const minutes = Number(args['real-minutes']);
const fps = Number(args.fps);
if (args.help || !(hours >= 0) || !(minutes === 0 || minutes >= 2) || !Number.isInteger(fps) || fps < 1 || fps > 60) {
  process.stdout.write(
    'usage: npm run soak -- [--media-hours H≥0] [--fps 1–60] [--real-minutes M≥2 or 0] [--write] [--json]\n',
  );
  process.exit(args.help ? 0 : 2);
}
const enough = new AbortController();
const say = (line: string): void => void process.stderr.write(`soak: ${line}\n`);

const dir = mkdtempSync(join(tmpdir(), 'showroom-soak-'));
let media: MediaSoakResult | undefined;
let real: RealSoakResult | undefined;
try {
  // One after the other: they would take the processor from each other.
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
