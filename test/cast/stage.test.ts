import t from 'tap';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import type { PresenterData } from '../../src/avatar/presenter-data.js';
import { GESTURES } from '../../src/avatar/presenter-pack.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { DRAW, DRAW_STRIDE } from '../../src/core/media/picture.js';
import { VISEMES } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { frame, kernels, rate, script, steady } from '../avatar/presenter-rig.js';

const small = { x: 0, y: 0, width: 120, height: 150 };
const cacheDir = t.testdir();
const shares: number[] = [];
const dir = templatePath('presenters', 'linh');
const options = { box: small, kernels, log: silentLog, cacheDir };
const linh = await loadPresenter(dir, { ...options, onProgress: (share) => void shares.push(share) });

const idsOf = (data: PresenterData, indices: readonly number[]): Set<number> =>
  new Set(indices.filter((i) => i >= 0).map((i) => data.sprites[i]!.id));
const shows = (items: readonly number[], ids: ReadonlySet<number>): boolean =>
  items.some((id, i) => i % DRAW_STRIDE === 0 && ids.has(id));

t.test('draws every viseme, eye, brow and gesture of a spec presenter', async (t) => {
  for (const head of [...linh.sway, ...linh.nod]) {
    t.equal(head.mouths.length, VISEMES.length * 4);
    for (const index of [...head.mouths, ...head.eyes, ...head.brows, ...head.jaws, head.head, head.front, head.back])
      t.ok(index >= 0 && index < linh.sprites.length);
  }
  const middle = linh.sway[(linh.sway.length - 1) / 2]!;
  t.equal(new Set(middle.eyes).size, 7);
  t.ok(new Set(middle.mouths).size >= 40, 'two smiles among them');
  t.same(
    linh.gestures.map(({ name }) => name),
    [...GESTURES, 'talking', 'talking', 'talking'],
  );
  const runtime = script(new PresenterRuntime(linh, rate, 5));
  for (let n = 0; n < 300; n += 1) t.ok(frame(runtime, n).length > 0);
});

t.test('reports progress while it draws, and none from the cache', async (t) => {
  t.equal(shares.at(-1), 1);
  t.ok(shares.every((s, i) => i === 0 || s >= shares[i - 1]!));
  const drawn = shares.length;
  await loadPresenter(dir, { ...options, onProgress: (share) => void shares.push(share) });
  t.equal(shares.length, drawn);
});

t.test('fades from one look to the next and ends with the new one alone', async (t) => {
  const dressed = await loadPresenter(dir, { ...options, look: 'lab-coat' });
  const runtime = new PresenterRuntime(linh, rate, 4);
  runtime.replace(dressed, frameIndex(10), 20);
  const [before, after] = [idsOf(linh, linh.bodyUpper), idsOf(dressed, dressed.bodyUpper)];
  const opacity = (items: readonly number[], ids: ReadonlySet<number>): number => {
    const at = items.findIndex((id, i) => i % DRAW_STRIDE === 0 && ids.has(id));
    return at < 0 ? -1 : items[at + DRAW.opacity]!;
  };
  t.equal(opacity(frame(runtime, 9), after), -1);
  const coming = frame(runtime, 16);
  t.equal(opacity(coming, before), 256, 'the old one stays below');
  t.ok(opacity(coming, after) > 0 && opacity(coming, after) < 256);
  const going = frame(runtime, 26);
  t.equal(opacity(going, after), 256);
  t.ok(opacity(going, before) > 0 && opacity(going, before) < 256);
  const over = frame(runtime, 30);
  t.equal(opacity(over, before), -1);
  t.equal(opacity(over, after), 256);
});

t.test('has the one who listens look at the one who speaks', async (t) => {
  const host = new PresenterRuntime(linh, rate, 1);
  const second = new PresenterRuntime(linh, rate, 2);
  host.standBeside(second, 2);
  second.standBeside(host, 1);
  const right = idsOf(
    linh,
    linh.sway.map((head) => head.eyes[2]!),
  );
  const left = idsOf(
    linh,
    linh.sway.map((head) => head.eyes[1]!),
  );
  second.speak(frameIndex(30), steady('aa', 240));
  let [looks, back] = [0, 0];
  for (let n = 0; n < 270; n += 1) {
    const mine = frame(host, n);
    const theirs = frame(second, n);
    if (n > 60 && shows(mine, right)) looks += 1;
    if (n > 60 && shows(theirs, left)) back += 1;
  }
  t.ok(looks > 100, `${looks} of 209 frames`);
  t.ok(back < looks / 2, `the speaker faces the viewer: ${back}`);
});

t.test('idles for a minute without a loop', async (t) => {
  const runtime = new PresenterRuntime(linh, rate, 6);
  const pose: string[] = [];
  for (let n = 0; n < 1800; n += 3) {
    const items = frame(runtime, n);
    pose.push(items.filter((_, i) => i % DRAW_STRIDE === 0).join());
  }
  for (let lag = 20; lag <= 300; lag += 1) {
    let same = 0;
    for (let i = 0; i + lag < pose.length; i += 1) if (pose[i] === pose[i + lag]) same += 1;
    const share = same / (pose.length - lag);
    if (share > 0.5) t.fail(`repeats after ${lag / 10} s: ${share}`);
  }
  t.ok(new Set(pose).size > 60, `${new Set(pose).size} pictures`);
});

t.test('smiles while silent, in some moments only', async (t) => {
  const runtime = new PresenterRuntime(linh, rate, 3);
  const smiles = idsOf(
    linh,
    [...linh.sway, ...linh.nod].flatMap((head) => [head.mouths[1]!, head.mouths[2]!]),
  );
  let count = 0;
  for (let n = 0; n < 3600; n += 1) if (shows(frame(runtime, n), smiles)) count += 1;
  t.ok(count > 100 && count < 1800, `${count} of 3600 frames`);
});
