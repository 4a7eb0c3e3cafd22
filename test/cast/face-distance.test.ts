import { readFileSync } from 'node:fs';
import t from 'tap';
import { presenterSpec, type PresenterSpec } from '../../src/cast/presenter-spec.js';
import { specPack } from '../../src/cast/spec-pack.js';
import { innerSvg } from '../../src/avatar/part-svg.js';
import { presenterManifest, type PartName, type PresenterPack } from '../../src/avatar/presenter-pack.js';
import { templatePath } from '../../src/core/files/paths.js';
import {
  headDistance,
  headOf,
  headPicture,
  MIN_DISTANCE,
  nearestPairs,
} from '../../scripts/tools/art/cast/face-distance.js';

const specOf = (name: string): PresenterSpec =>
  presenterSpec.parse(JSON.parse(readFileSync(templatePath('presenters', name, 'pack.json'), 'utf8')));
const packOf = (spec: PresenterSpec): PresenterPack => {
  const { manifest, parts } = specPack(spec);
  const inner = Object.entries(parts).map(([name, svg]) => [name, innerSvg(svg, name, name)] as const);
  return {
    manifest: presenterManifest.parse(manifest),
    parts: Object.fromEntries(inner) as Record<PartName, string>,
    hash: '',
  };
};

t.test('finds one person with another name, eye colour and mole nearer than any two presenters may be', async (t) => {
  for (const name of ['wei', 'isla']) {
    const spec = specOf(name);
    const twin: PresenterSpec = {
      ...spec,
      name: `${name}-again`,
      look: { ...spec.look, mole: 'cheek', eyes: { ...spec.look.eyes, colour: '#4a7a5a' } },
    };
    const distance = headDistance(await headOf(packOf(spec)), await headOf(packOf(twin)));
    t.ok(distance > 0 && distance < MIN_DISTANCE, `${name} ${distance}`);
  }
});

t.test('ignores clothes', async (t) => {
  const spec = specOf('aiko');
  const dressed: PresenterSpec = { ...spec, look: { ...spec.look, outfit: { kind: 'chef' } } };
  t.equal(headDistance(await headOf(packOf(spec)), await headOf(packOf(dressed))), 0);
});

t.test('tells a sample of presenters apart', async (t) => {
  const names = [
    'haoran',
    'luka',
    'wei',
    'nurlan',
    'linh',
    'niamh',
    'giulia',
    'thandi',
    'sipho',
    'siti',
    'fatima',
    'mei',
    'camille',
  ];
  const heads = await Promise.all(names.map((name) => headPicture(templatePath('presenters', name))));
  const { a, b, distance } = nearestPairs(heads)[0]!;
  t.ok(distance >= MIN_DISTANCE, `${a} and ${b}: ${distance}`);
});
