import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { TextLine } from '../../../src/compliance/ocr/ocr-messages.js';
import { frameIndex } from '../../../src/core/time.js';
import { silentLog } from '../../../src/core/log.js';
import { composedKey } from '../../../src/admission/composed-words.js';
import { readComposed } from '../../../src/room/start/read-composed.js';
import { loadPresenter } from '../../../src/avatar/load-presenter.js';
import { packageRoot } from '../../../src/core/files/paths.js';
import { compilerOf, draw, kernels, roomOf } from '../../scene/scene-kit.js';
import { presenterBox } from '../../../src/scene/stage-boxes.js';

const svg = (fill: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><rect width="80" height="80" fill="${fill}"/></svg>`;

t.test('reads the picture with each product once, under the digest that the scene has on air', async (t) => {
  const dir = t.testdir();
  for (const [name, fill] of [
    ['lamp', '#fd0'],
    ['sofa', '#07c'],
  ] as const) {
    writeFileSync(join(dir, `${name}.svg`), svg(fill));
  }
  const room = roomOf(dir, {
    product: 'lamp',
    products: ['lamp', 'sofa'].map((id) => ({
      id,
      title: id,
      image: `${id}.svg`,
      price: { amount: 1, currency: 'USD' },
    })),
    layers: [
      ...['lamp', 'sofa'].map((id) => ({
        id: `picture-${id}`,
        type: 'image',
        product: id,
        src: `${id}.svg`,
        x: 20,
        y: 20,
      })),
      { id: 'title', type: 'text', text: 'Fresh today', x: 20, y: 180, size: 20 },
      { id: 'behind', type: 'image', src: 'sofa.svg', x: 200, y: 20, z: -5 },
      { id: 'later', type: 'text', text: 'With a line', x: 20, y: 120, size: 20, shown: 'on-cue' },
    ],
  });
  const both = {
    ...room,
    script: { ...room.script, segments: [room.script.segments[0]!, { ...room.script.segments[0]!, product: 'sofa' }] },
  };
  const scene = compilerOf(both);
  await scene.open();
  const box = presenterBox(both);
  const presenter = await loadPresenter(join(packageRoot(), 'templates/presenters/mei'), {
    box,
    kernels,
    log: silentLog,
  });
  const kept = new Map<string, readonly TextLine[]>();
  const read: Uint8Array[] = [];
  const admission = {
    willRead: true,
    judgeKept: (key: string) => (kept.has(key) ? { verdict: 'clean' as const, hits: [] } : undefined),
    keepWords: (key: string, lines: readonly TextLine[]) => void kept.set(key, lines),
    words: async ({ rgba }: { rgba: Uint8Array }) => {
      read.push(rgba);
      return { verdict: 'clean' as const, hits: [], lines: [] };
    },
  };
  const options = { room: both, scene, kernels, draw, presenter, admission, log: silentLog };
  const go = () => readComposed({ ...options, signal: new AbortController().signal });
  await go();
  t.equal(read.length, 2, 'one for each product');
  t.ok(kept.has(composedKey(scene.still()!.digest, presenter.digest)), 'the opening picture');
  await scene.product('sofa', frameIndex(40));
  t.ok(kept.has(composedKey(scene.still()!.digest, presenter.digest)), 'the picture with the next product');
  t.equal(scene.still()!.sinceFrame, 40);
  const at = (rgba: Uint8Array, x: number, y: number): number[] => [
    ...rgba.subarray((y * 320 + x) * 4, (y * 320 + x) * 4 + 3),
  ];
  t.same(at(read[0]!, 26, 190), [128, 128, 128], 'the room’s own text is painted over');
  t.notSame(at(read[0]!, 40, 40), at(read[1]!, 40, 40), 'each with its product');
  await go();
  t.equal(read.length, 2, 'nothing is read twice');
});
