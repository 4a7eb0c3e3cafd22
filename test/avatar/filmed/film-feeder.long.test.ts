import { rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { FilmFeeder } from '../../../src/avatar/filmed/film-feeder.js';
import { FilmRing } from '../../../src/avatar/filmed/film-ring.js';
import { silentLog } from '../../../src/core/log.js';
import { until } from '../../kit/until.js';
import { loadPack, writePack } from './film-rig.js';

const root = t.testdir();
const dir = await writePack(join(root, 'pack'));

t.test('reads the first frames ahead, then those that the loop wants, and ends with its ring', async (t) => {
  const feeder = new FilmFeeder(silentLog);
  const { film } = await loadPack(dir, join(root, 'cache'));
  await feeder.feed(film!);
  const ring = new FilmRing(film!.control);
  for (let i = 0; i < 8; i += 1) t.ok(ring.show(0, film!.loopFrom + i) >= 0, `frame ${i}`);
  for (let i = 0; i < 8; i += 1) ring.want(i, 20 + i);
  ring.wake();
  await until('the wanted frame is read', () => ring.show(0, 27) >= 0);
  ring.end();
  await feeder.close();
  await feeder.close();
  t.ok(ring.gone);
});

t.test('reports a film that cannot be read, and the show goes on', async (t) => {
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_: object, text: string) => void warned.push(text) };
  const feeder = new FilmFeeder(log as typeof silentLog);
  const { film } = await loadPack(dir, join(root, 'cache2'));
  rmSync(film!.path);
  await feeder.feed(film!);
  await until('the fault is reported', () => warned.length > 0);
  t.match(warned[0], /last frame stays/);
  t.equal(new FilmRing(film!.control).show(0, film!.loopFrom), -1);
  await feeder.close();
});
