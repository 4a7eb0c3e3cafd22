import type { PresenterData } from '../../avatar/presenter-data.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Box } from '../../core/verdict.js';
import { type LaidOut, unionOf } from '../../scene/lay-out.js';
import { areaOf, meet, percent, placeOf } from '../../scene/layer-boxes.js';
import { cutAt, type GestureHand, hiddenShare } from './gesture-hands.js';
import { type LayoutFindings, named, whereOf, type SafeAreas } from './layout-findings.js';

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
