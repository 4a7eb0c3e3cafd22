import t from 'tap';
import { MOUTH_SHAPES, type MouthShape, SPREAD_OF } from '../../src/filming/mouths/filmed-mouth-shapes.js';
import { type RestingLips, warpMouth } from '../../src/filming/mouths/warp-bank.js';
import { samplePatch, type Patch } from '../../src/filming/footage/sample-patch.js';
import { facePicture, SPACE } from './pictures.js';

const rest = samplePatch(facePicture(), SPACE.toTemplate, SPACE);
const flat = (y: number): Float32Array => new Float32Array(SPACE.width).fill(y);
const lips: RestingLips = {
  xLeft: -34,
  xRight: 34,
  upper: flat(0),
  lower: flat(0),
  top: flat(-11),
  bottom: flat(11),
  gap: 0,
};
const light = { skin: [190, 150, 130], lips: [190, 100, 95] } as const;
const make = (shape: MouthShape): Patch => warpMouth(SPACE, rest, lips, shape, light);
const of = (viseme: string, openness: number): MouthShape =>
  MOUTH_SHAPES.filter((s) => s.viseme === viseme).reduce((a, b) =>
    Math.abs(b.openness - openness) < Math.abs(a.openness - openness) ? b : a,
  );
const red = ({ data, width }: Patch, x: number, y: number): number => {
  const at = ((Math.round(y) - SPACE.top) * width + Math.round(x) - SPACE.left) * 3;
  return data[at]! - data[at + 1]!;
};
/** Rows of the middle column that neither skin nor lip is. */
const gapRows = (patch: Patch): number => {
  let rows = 0;
  for (let y = -20; y < 45; y += 1) if (red(patch, 0, y) < 30) rows += 1;
  return rows;
};
const differs = (a: Patch, b: Patch, test: (x: number, y: number) => boolean): number => {
  let most = 0;
  for (let v = 0; v < a.height; v += 1)
    for (let u = 0; u < a.width; u += 1)
      if (test(u + SPACE.left, v + SPACE.top))
        most = Math.max(most, Math.abs(a.data[(v * a.width + u) * 3]! - b.data[(v * a.width + u) * 3]!));
  return most;
};

t.test('leaves the mouth at rest as it was filmed', async (t) => {
  t.ok(differs(make(MOUTH_SHAPES[0]!), rest, () => true) < 1);
});

t.test('opens further for a more open sound, and not at all for closed lips', async (t) => {
  t.equal(gapRows(make(of('PP', 0))), gapRows(rest));
  const rows = [45, 105, 175, 235].map((openness) => gapRows(make(of('aa', openness))));
  for (let i = 1; i < rows.length; i += 1) t.ok(rows[i]! > rows[i - 1]!, `${rows[i - 1]} < ${rows[i]}`);
  t.ok(rows.at(-1)! > 0.1 * SPACE.unit);
});

t.test('moves nothing at the edge of the picture', async (t) => {
  for (const shape of MOUTH_SHAPES) {
    const edge = (x: number, y: number): boolean => y < SPACE.noseY - 3 || Math.abs(x) > 70 || y > SPACE.chinY + 29;
    t.ok(differs(make(shape), rest, edge) < 14, `${shape.viseme} ${shape.openness}`);
  }
});

t.test('narrows the mouth for U and widens it for I', async (t) => {
  const halfWidth = (patch: Patch): number => {
    let x = 10;
    while (x < 60 && (red(patch, x, 2) > 60 || red(patch, x, 2) < 30)) x += 1;
    return x;
  };
  t.ok(halfWidth(make(of('U', 20))) < halfWidth(rest) - 2);
  t.ok(halfWidth(make(of('I', 20))) >= halfWidth(rest));
  t.ok(SPREAD_OF.U < 0 && SPREAD_OF.I > 0);
});
