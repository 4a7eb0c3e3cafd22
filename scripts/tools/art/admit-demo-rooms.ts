/**
 * Writes the results of scanning and reading the demo rooms' pictures, which come with the package so that a first start
 * is on air at once: `npm run tool -- admit-demo-rooms`. Run it after a change of the detectors, of the reader, or of a
 * demo room. It starts each room with an empty cache and keeps what the engine then knows.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';
import { onAirEngine } from '../../bench/kit/on-air-engine.js';
import { admittedBy } from './demo-rooms/admitted-by.js';

const ROOMS = ['demo-portrait', 'demo-landscape', 'minimal'];
const target = templatePath('admitted.json');
const dir = mkdtempSync(join(tmpdir(), 'showroom-admit-'));
process.env['XDG_CACHE_HOME'] = dir;
// What it holds would not be scanned.
const before = existsSync(target) ? readFileSync(target) : undefined;
rmSync(target, { force: true });
try {
  for (const room of ROOMS) {
    process.stderr.write(`${room}…\n`);
    const file = templatePath('rooms', room, 'room.json');
    const engine = await onAirEngine(join(packageRoot(), 'dist', 'cli', 'main.js'), file, dir);
    await engine.stop(20_000);
  }
  const folder = join(dir, 'showroom', 'pictures');
  const picturesOf = (name: string): [string, unknown][] => {
    const file = readdirSync(folder).find((one) => one.startsWith(`${name}-`))!;
    return (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { pictures: [string, unknown][] }).pictures;
  };
  const results = {
    by: admittedBy(),
    admitted: picturesOf('admitted').map(([key]) => key),
    words: picturesOf('words'),
  };
  writeFileSync(target, `${JSON.stringify(results)}\n`);
  process.stderr.write(`${results.admitted.length} scanned, ${results.words.length} read\n`);
} finally {
  if (before !== undefined && !existsSync(target)) writeFileSync(target, before);
  rmSync(dir, { recursive: true, force: true });
}
