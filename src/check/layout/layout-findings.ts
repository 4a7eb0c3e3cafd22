import type { CheckFault } from '../../admission/check-rights.js';
import { fitInto } from '../../avatar/load-presenter.js';
import { armJoints } from '../../avatar/pose-svg.js';
import { type GestureArm, type PlacedBitmap, type PresenterData, TALKING } from '../../avatar/presenter-data.js';
import { type ArmPose, type GestureName, readPresenterPack } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Box } from '../../core/verdict.js';
import { type CaptionText, type LaidOut, unionOf } from '../../scene/lay-out.js';
import { areaOf, meet, percent, placeOf } from '../../scene/place-box.js';

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
function hiddenShare({ mask }: GestureHand, hidden: Uint8Array): number {
  let [all, under] = [0, 0];
  for (let i = 0; i < mask.length; i += 1) {
    all += mask[i]!;
    under += mask[i]! & hidden[i]!;
  }
  return all === 0 ? 0 : under / all;
}

export interface SafeAreas {
  /** Area outside the platform's own buttons. */
  readonly text: Box;
  /** Area in which the presenter's size counts. */
  readonly presenter: Box;
}

/** In portrait the platform's buttons cover the top tenth and the bottom fifth. */
const PORTRAIT = { top: 0.1, bottom: 0.2 } as const;
/** Letters may be a little nearer to the edge than the presenter. */
const TEXT_MARGIN = 0.02;

/** The parts of the frame that every viewer sees: `compliance.safeArea`, or the defaults of the frame's orientation. */
export function safeAreas({ video, compliance }: RoomConfig): SafeAreas {
  const { width, height } = video;
  const portrait = height > width;
  const set = compliance.safeArea;
  const edge = (left: number, top: number, right: number, bottom: number): Box => {
    const x = Math.round(left * width);
    const y = Math.round(top * height);
    return { x, y, width: Math.round((1 - right) * width) - x, height: Math.round((1 - bottom) * height) - y };
  };
  const { safeMargin } = compliance.watch.picture;
  return {
    text: edge(
      set.left ?? TEXT_MARGIN,
      set.top ?? (portrait ? PORTRAIT.top : TEXT_MARGIN),
      set.right ?? TEXT_MARGIN,
      set.bottom ?? (portrait ? PORTRAIT.bottom : TEXT_MARGIN),
    ),
    presenter: edge(safeMargin, safeMargin, safeMargin, safeMargin),
  };
}

/** The faults of a layout: each layer and kind once, at its worst. */
export class LayoutFindings {
  private readonly found = new Map<string, { readonly fault: CheckFault; readonly worse: number }>();

  add(kind: string, where: string, worse: number, fault: Omit<CheckFault, 'where'>): void {
    const key = `${where} ${kind}`;
    const known = this.found.get(key);
    if (known === undefined || worse > known.worse) this.found.set(key, { worse, fault: { ...fault, where } });
  }

  all(): CheckFault[] {
    return [...this.found.values()].map((f) => f.fault);
  }
}

/** Where a layer stands in the room file. */
export const whereOf = ({
  layer,
  index,
}: Pick<LaidOut, 'index'> & { readonly layer: { readonly id: string } }): string =>
  index < 0 ? `layer "${layer.id}"` : `layers[${index}] "${layer.id}"`;

/** Names the caption that a finding was made with. */
export const named = (caption: CaptionText | undefined): string =>
  caption === undefined ? '' : ` in ${caption.where}`;

/** From this alpha on a pixel hides its background. */
const OPAQUE_ALPHA = 100;

/** Eyes, brows and mouth of the presenter looking straight ahead. */
export function faceOf({ film, sway, sprites }: PresenterData): Box | undefined {
  if (film !== undefined) return film.face;
  const pose = sway[(sway.length - 1) >> 1];
  if (pose === undefined) return undefined;
  const parts = [...pose.eyes, ...pose.brows, ...pose.mouths].filter((i) => i >= 0).map((i) => sprites[i]!);
  return unionOf(parts.map((s) => ({ x: s.x, y: s.y, width: s.bitmap.width, height: s.bitmap.height })));
}

/** Share of a box that a layer hides. */
export function coverShare(laid: LaidOut, target: Box, dx: number, dy: number): number {
  const hidden = hiddenPixels(laid, target, dx, dy);
  let sum = 0;
  for (const one of hidden) sum += one;
  return sum / Math.max(1, hidden.length);
}

/** The pixels of a box that a layer hides: one byte each. */
function hiddenPixels({ pictures }: LaidOut, target: Box, dx: number, dy: number): Uint8Array {
  const hidden = new Uint8Array(target.width * target.height);
  for (const { raster, x, y } of pictures) {
    const at = { x: x + dx, y: y + dy, width: raster.width, height: raster.height };
    const both = meet(at, target);
    for (let row = 0; row < both.height; row += 1) {
      const from = (both.y + row - at.y) * raster.width + both.x - at.x;
      const to = (both.y + row - target.y) * target.width + both.x - target.x;
      for (let i = 0; i < both.width; i += 1) {
        if (raster.rgba[(from + i) * 4 + 3]! >= OPAQUE_ALPHA) hidden[to + i] = 1;
      }
    }
  }
  return hidden;
}

const FACE = { warning: 0.05, fault: 0.25 } as const;
const HAND_COVERED = 0.3;

/** Whether the presenter can be seen: large enough, the face free, the hands of the gestures whole. */
export class PresenterLint {
  private readonly frame: Box;
  private readonly face: Box | undefined;

  constructor(
    private readonly room: RoomConfig,
    private readonly data: PresenterData | undefined,
    private readonly hands: readonly GestureHand[],
    private readonly safe: SafeAreas,
    private readonly findings: LayoutFindings,
  ) {
    this.frame = { x: 0, y: 0, width: room.video.width, height: room.video.height };
    this.face = data && faceOf(data);
  }

  size(box: Box): void {
    const { presenterShare } = this.room.compliance.watch.picture;
    const inside = meet(box, this.safe.presenter);
    const share = areaOf(inside) / areaOf(this.frame);
    if (share >= presenterShare) return;
    this.findings.add('presenter', this.where(), 1 - share, {
      severity: share === 0 ? 'fault' : 'warning',
      expected: `the presenter's place at least ${percent(presenterShare)} of the frame, inside the safe area`,
      found: `${percent(share)} (${placeOf(inside)})`,
      rule: '5.11',
    });
  }

  overFace(laid: LaidOut): void {
    const { face } = this;
    if (face === undefined) return;
    let share = 0;
    for (const { dx, dy } of laid.offsets) share = Math.max(share, coverShare(laid, face, dx, dy));
    if (share <= FACE.warning) return;
    this.findings.add('face', whereOf(laid), share, {
      severity: share >= FACE.fault ? 'fault' : 'warning',
      expected: `nothing over the presenter's face (${placeOf(face)})`,
      found: `${percent(share)} of it covered by the ${laid.layer.type}${named(laid.caption)}`,
      rule: '5.11',
    });
  }

  /** Hands of the gestures that the script makes while a product is shown. */
  handsOf(product: string | null): GestureHand[] {
    const { segments } = this.room.script;
    const lines = segments.filter((one) => (one.product ?? null) === product).flatMap((one) => one.lines);
    const used = new Set<string>(lines.map(({ gesture }) => gesture));
    return this.hands.filter(({ gesture }) => used.has(gesture));
  }

  /** No hand may end at the edge of the presenter's layer or of the frame. */
  handCut(hand: GestureHand): void {
    const layer = this.data!.box;
    const place = meet(layer, this.frame);
    const edge = cutAt(hand, place);
    if (edge === undefined) return;
    this.findings.add(`hand ${hand.gesture}`, this.where(), 1, {
      severity: 'warning',
      expected: `the ${hand.side} hand whole during the gesture "${hand.gesture}"`,
      found: `cut off at the ${edge} edge of the presenter's place (${placeOf(place)})`,
      todo: 'move or enlarge the layer, or choose another gesture',
    });
  }

  overHand(laid: LaidOut, hand: GestureHand): void {
    let share = 0;
    for (const { dx, dy } of laid.offsets)
      share = Math.max(share, hiddenShare(hand, hiddenPixels(laid, hand.box, dx, dy)));
    if (share <= HAND_COVERED) return;
    this.findings.add(`hand ${hand.gesture}`, whereOf(laid), share, {
      severity: 'warning',
      expected: `the ${hand.side} hand visible during the gesture "${hand.gesture}"`,
      found: `${percent(share)} of it behind the ${laid.layer.type}`,
      todo: 'move the layer, give it a lower z than the presenter, or choose another gesture',
    });
  }

  private where(): string {
    const index = this.room.layers.findIndex((l) => l.type === 'presenter');
    return whereOf({ index, layer: { id: this.room.layers[index]?.id ?? '' } });
  }
}
