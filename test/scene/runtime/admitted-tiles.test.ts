import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadSharp } from '../../../src/scene/sharp.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { newBitmapId, RectList, type PresenterPainter } from '../../../src/core/media/picture.js';
import { frameIndex } from '../../../src/core/time.js';
import type { SceneCompiler } from '../../../src/scene/scene-compiler.js';
import { compilerOf, kernels, roomOf, Stage } from '../scene-kit.js';

type Tap = { testdir(): string };

const ARM = kernels.rgbaToYuva(new Uint8Array(40 * 40 * 4).fill(180), 40, 40, 0, 0);

/** A person whose arm of 40 × 40 pixels stands at x = 128, y = 128, in tiles 4 and 5 of rows 4 and 5. */
class Person implements PresenterPainter {
  readonly isDrawn = true;
  readonly id = newBitmapId();
  constructor(
    readonly isAdmitted = true,
    private readonly opacity = 256,
  ) {}
  paint(n: number, list: Parameters<PresenterPainter['paint']>[1]): void {
    list.push(this.id, 128 + 2 * (n % 2), 128, this.opacity, 0, 0, 320, 240);
  }
}

const AROUND_ARM = [128, 128, 64, 64];

interface Case {
  readonly layers?: readonly object[];
  readonly person?: Person;
  readonly frame?: number;
  /** Before frame n. */
  readonly change?: (n: number, stage: Stage, scene: SceneCompiler) => Promise<void>;
}

async function admittedAt(
  t: Tap,
  { layers = [], person = new Person(), frame = 60, change }: Case,
): Promise<number[][]> {
  const room = roomOf(t.testdir(), { layers: [...layers] });
  const scene = compilerOf(room);
  const stage = new Stage(room);
  stage.runtime.bitmaps.set(person.id, ARM);
  stage.runtime.apply(await scene.open());
  const out = new RectList(64);
  for (let n = frame - 3; n <= frame; n += 1) {
    await change?.(n, stage, scene);
    stage.draw(n, person);
    stage.runtime.settled(stage.list, out);
  }
  return Array.from({ length: out.count }, (_, i) => [...out.items.subarray(i * 4, i * 4 + 4)]);
}

t.test('a drawn presenter before one admitted picture carries its admission', async (t) => {
  t.strictSame(await admittedAt(t, {}), [AROUND_ARM], 'on the background colour');
  t.strictSame(await admittedAt(t, { frame: 20 }), [], 'not in its first second');
  t.strictSame(await admittedAt(t, { person: new Person(false) }), [], "a stranger's presenter");
  t.strictSame(await admittedAt(t, { person: new Person(true, 200) }), [AROUND_ARM], 'also half transparent');
});

t.test('whatever else is near is scanned', async (t) => {
  const shape = { id: 'over', type: 'shape', fill: '#ff0000', x: 200, y: 130, width: 20, height: 20, z: 90 };
  t.strictSame(await admittedAt(t, { layers: [{ ...shape, x: 190 }] }), [[128, 128, 32, 64]], 'over a part of it');
  t.strictSame(await admittedAt(t, { layers: [{ ...shape, x: 240 }] }), [AROUND_ARM], 'far away');
  t.strictSame(await admittedAt(t, { layers: [{ ...shape, x: 205 }] }), [[128, 128, 32, 64]], 'within twenty pixels');
  t.strictSame(await admittedAt(t, { layers: [{ ...shape, x: 130, z: -5 }] }), [], 'below it');
  t.strictSame(await admittedAt(t, { layers: [{ ...shape, x: 130, opacity: 0.1 }] }), [], 'however faint');
});

t.test('a second picture below, a cut between shots and a slow push are scanned', async (t) => {
  const dir = t.testdir();
  const png = join(dir, 'set.png');
  const sharp = await loadSharp();
  writeFileSync(
    png,
    await sharp({ create: { width: 320, height: 240, channels: 3, background: '#805030' } })
      .png()
      .toBuffer(),
  );
  const set = { id: 'set', type: 'image', src: png, x: 0, y: 0, width: 320, height: 240, fit: 'fill', z: -50 };
  const at = (more: object, rest: Case = {}): Promise<number[][]> =>
    admittedAt({ testdir: () => dir }, { layers: [{ ...set, ...more }], ...rest });
  t.strictSame(await at({}), [AROUND_ARM], 'one opaque picture that covers everything');
  t.strictSame(await at({ width: 150 }), [], 'its edge runs behind the arm');
  t.strictSame(await at({ opacity: 0.9 }), [], 'another one shines through');
  t.strictSame(await at({ pushIn: { from: 0.9, durationMs: 60_000 } }), [], 'a push');
  const cut: Case['change'] = async (n, stage, scene) => {
    if (n === 60) stage.runtime.apply(scene.removeLayer('set', frameIndex(60)));
  };
  t.strictSame(await at({}, { change: cut }), [], 'the frame of a cut');
  t.strictSame(
    await at({}, { change: cut, frame: 61 }),
    [AROUND_ARM],
    'the frame after it, on a picture that is known',
  );
});

t.test('stickers of the package are drawings of the engine, others are not', async (t) => {
  const dir = t.testdir({
    'mine.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>',
  });
  const keyframes = [{ atMs: 0 }, { atMs: 400, dy: -20 }, { atMs: 800, dy: 0 }];
  const sticker = (src: string, id: string) => ({
    id,
    type: 'sticker',
    src,
    x: 140,
    y: 140,
    width: 40,
    height: 70,
    motion: { loopMs: 800, keyframes },
  });
  const own = templatePath('stickers', 'sparkles.svg');
  const at = (...layers: object[]): Promise<number[][]> => admittedAt({ testdir: () => dir }, { layers });
  t.strictSame((await at(sticker(own, 'a'))).length > 0, true);
  t.strictSame(await at(sticker(join(dir, 'mine.svg'), 'a')), []);
  t.strictSame(
    await at(sticker(own, 'a'), sticker(own, 'b')),
    [],
    'where three layers of the engine meet they could be pieces',
  );
});
