import { hash01, seededRandom } from '../../../src/core/random.js';
import { CONDITIONS } from './conditions.js';
import { MORE_CONDITIONS } from './more-conditions.js';
import { HARD_NEGATIVES, hardNegative } from './hard-negatives.js';
import { type Frame, paintSymbol, type Placing } from './paint-symbol.js';
import { Scenes } from './scenes.js';

export interface Labelled {
  readonly frame: Frame;
  /** The condition, or the kind of scene without a code. */
  readonly set: string;
  /** Longer side of the code in pixels; 0 without one. */
  readonly size: number;
  readonly seed: number;
  /** The code's position and drawing; undefined without one. */
  readonly place?: Placing;
}

export interface FrameCounts {
  /** Frames with a code, spread over conditions and sizes. */
  readonly withCode: number;
  /** Live scenes without a code, and frames with imitations of one. */
  readonly live: number;
  readonly hard: number;
}

/** Margin around a code, so that the whole of it is in the frame. */
const MARGIN = 0.75;

/** Frames like a live room's, each a pure function of `seed` and its number. */
export async function* generateFrames(
  seed: number,
  counts: FrameCounts,
  only?: readonly string[],
  shard: { readonly part: number; readonly of: number } = { part: 1, of: 1 },
): AsyncGenerator<Labelled> {
  const isMine = (i: number): boolean => i % shard.of === shard.part - 1;
  const scenes = await Scenes.open(seed);
  const wanted = (name: string): boolean => only === undefined || only.includes(name);
  const cases = [...CONDITIONS, ...MORE_CONDITIONS]
    .flatMap((condition) => condition.sizes.map((size) => ({ condition, size })))
    .filter(({ condition }) => wanted(condition.name));
  for (let i = 0; i < counts.withCode && cases.length > 0; i += 1) {
    if (!isMine(i)) continue;
    const { condition, size } = cases[i % cases.length]!;
    const own = seed * 1_000_003 + i * 2 + (hash01(seed, i) < 0.5 ? 0 : 1);
    const random = seededRandom(own);
    const frame = await scenes.draw(own);
    const [halfX, halfY] = [frame.width, frame.height].map((side) => Math.min(size * MARGIN, side / 2 - 1)) as [
      number,
      number,
    ];
    const base: Placing = {
      x: halfX + random() * (frame.width - 2 * halfX),
      y: halfY + random() * (frame.height - 2 * halfY),
      size,
      degrees: (random() - 0.5) * 6,
      tilt: 0,
      tiltAxis: 0,
      curve: 0,
      mirror: false,
      dark: random() < 0.5 ? [0, 0, 0] : [random() * 70, random() * 60, random() * 90],
      light: random() < 0.5 ? [255, 255, 255] : [225 + random() * 30, 220 + random() * 30, 210 + random() * 40],
      opacity: 1,
      blurModules: 0,
    };
    const shape = await condition.shape(random, size);
    const place = { ...base, ...condition.place?.(random, frame) };
    paintSymbol(frame, shape, place);
    for (const effect of condition.effects ?? []) await effect(frame, place, random);
    yield { frame, set: condition.name, size, seed: own, place };
  }
  for (let i = 0; i < counts.live; i += 1) {
    const own = seed * 1_000_003 + 500_000 + i;
    if (!wanted('live')) break;
    if (!isMine(i)) continue;
    yield { frame: await scenes.draw(own), set: 'live', size: 0, seed: own };
  }
  const kinds = Object.keys(HARD_NEGATIVES).filter((k) => wanted(k) || only?.includes('hard'));
  for (let i = 0; i < counts.hard && kinds.length > 0; i += 1) {
    if (!isMine(i)) continue;
    const kind = kinds[i % kinds.length]!;
    const own = seed * 1_000_003 + 700_000 + i;
    const [w, h] = own % 2 === 0 ? [1280, 720] : [720, 1280];
    yield { frame: await scenes.draw(own, await hardNegative(kind, own, w, h)), set: kind, size: 0, seed: own };
  }
}
