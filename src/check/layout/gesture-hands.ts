import { fitInto } from '../../avatar/load-presenter.js';
import { armJoints } from '../../avatar/pose-svg.js';
import { TALKING, type GestureArm, type PlacedBitmap, type PresenterData } from '../../avatar/presenter-data.js';
import { type ArmPose, type GestureName, readPresenterPack } from '../../avatar/presenter-pack.js';
import type { Box } from '../../core/verdict.js';
import { areaOf, meet } from '../../scene/layer-boxes.js';

/** A hand at one extreme of a gesture: its pixels on the canvas. */
export interface GestureHand {
  readonly gesture: GestureName;
  readonly side: 'right' | 'left';
  readonly box: Box;
  /** One byte a pixel of the box; 1 where the hand is. */
  readonly mask: Uint8Array;
}

/** From this alpha on a pixel belongs to the hand. */
const SOLID_ALPHA = 128;
/** Half the breadth of a hand, as a share of the forearm. */
const BREADTH = 0.24;

/**
 * The hands of a presenter in the held pose of each gesture and at both ends of its swing. The places follow from the
 * rig, the pixels from the drawn arms that the show uses.
 */
export async function gestureHands(pack: string, data: PresenterData): Promise<GestureHand[]> {
  // A film shows its hands where they are; only drawn ones are known.
  if (data.film !== undefined) return [];
  const { manifest } = await readPresenterPack(pack);
  const { scale, offsetX, offsetY } = fitInto(manifest, data.box);
  const middle = manifest.viewBox[0] + manifest.viewBox[2] / 2;
  const boxOf = (pose: ArmPose, side: 'right' | 'left'): Box => {
    const margin = manifest.arms.foreLength * BREADTH;
    const ends = armJoints(manifest, pose)
      .slice(-2)
      .map(([x, y]) => [side === 'right' ? x : 2 * middle - x, y] as const);
    const [xs, ys] = [ends.map(([x]) => x), ends.map(([, y]) => y)];
    const x = Math.floor(data.box.x + offsetX + (Math.min(...xs) - margin) * scale);
    const y = Math.floor(data.box.y + offsetY + (Math.min(...ys) - margin) * scale);
    const width = Math.ceil((Math.max(...xs) - Math.min(...xs) + 2 * margin) * scale);
    const height = Math.ceil((Math.max(...ys) - Math.min(...ys) + 2 * margin) * scale);
    return { x, y, width, height };
  };
  return data.gestures.flatMap(({ name, ...gesture }) =>
    (['right', 'left'] as const).flatMap((side) => {
      if (name === TALKING) return [];
      const plan = manifest.gestures[name];
      const [pose, arm] = [plan[side], gesture[side]];
      if (pose === undefined || arm === null) return [];
      return extremes(pose, arm, plan.beat).map(({ pose: at, sprite }) => {
        const box = boxOf(at, side);
        return { gesture: name, side, box, mask: solidIn(data.sprites[sprite]!, box) };
      });
    }),
  );
}

function extremes(
  pose: ArmPose,
  { steps, beat }: GestureArm,
  swing: { readonly fore: number; readonly hand: number } | undefined,
): { pose: ArmPose; sprite: number }[] {
  const held = { pose, sprite: steps.at(-1)! };
  if (swing === undefined || beat.length === 0) return [held];
  const at = (sign: 1 | -1): ArmPose => ({
    ...pose,
    fore: pose.fore + sign * swing.fore,
    hand: pose.hand + sign * swing.hand,
  });
  return [held, { pose: at(-1), sprite: beat[0]! }, { pose: at(1), sprite: beat.at(-1)! }];
}

function solidIn({ bitmap, x, y }: PlacedBitmap, box: Box): Uint8Array {
  const { width, height, data } = bitmap;
  const mask = new Uint8Array(box.width * box.height);
  const alpha = (width * height * 3) / 2;
  const both = meet({ x, y, width, height }, box);
  for (let row = both.y; row < both.y + both.height; row += 1) {
    for (let column = both.x; column < both.x + both.width; column += 1) {
      if (data[alpha + (row - y) * width + column - x]! >= SOLID_ALPHA)
        mask[(row - box.y) * box.width + column - box.x] = 1;
    }
  }
  return mask;
}

/** Share of a hand's length on an edge from which it counts as cut: fingertips may leave the picture in a swing. */
const CUT_SHARE = 0.3;

type Edge = 'left' | 'right' | 'top' | 'bottom';

/** The edge of a place at which a hand is cut off, or beyond which it lies; undefined for a hand inside. */
export function cutAt(hand: GestureHand, place: Box): Edge | undefined {
  const { box } = hand;
  const beyond: Record<Edge, number> = {
    left: place.x - box.x,
    right: box.x + box.width - place.x - place.width,
    top: place.y - box.y,
    bottom: box.y + box.height - place.y - place.height,
  };
  const edges = (Object.keys(beyond) as Edge[])
    .filter((edge) => beyond[edge] > 0)
    .toSorted((a, b) => beyond[b] - beyond[a]);
  const minPx = Math.max(box.width, box.height) * CUT_SHARE;
  const outside = areaOf(meet(box, place)) < areaOf(box) / 2;
  return outside ? edges[0] : edges.find((edge) => solidAlong(hand, place, edge) >= minPx);
}

/** Pixels of a hand on an edge of a place. */
function solidAlong({ box, mask }: GestureHand, place: Box, edge: Edge): number {
  const x = edge === 'right' ? place.x + place.width - 1 : place.x;
  const y = edge === 'bottom' ? place.y + place.height - 1 : place.y;
  const line = edge === 'left' || edge === 'right' ? { ...place, x, width: 1 } : { ...place, y, height: 1 };
  const both = meet(box, line);
  let sum = 0;
  for (let row = both.y; row < both.y + both.height; row += 1)
    for (let column = both.x; column < both.x + both.width; column += 1)
      sum += mask[(row - box.y) * box.width + column - box.x]!;
  return sum;
}

/** Share of a hand's pixels under a set of hidden ones, of the hand's box each. */
export function hiddenShare({ mask }: GestureHand, hidden: Uint8Array): number {
  let [all, under] = [0, 0];
  for (let i = 0; i < mask.length; i += 1) {
    all += mask[i]!;
    under += mask[i]! & hidden[i]!;
  }
  return all === 0 ? 0 : under / all;
}
