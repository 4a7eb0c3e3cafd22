import type { Kernels } from '../core/kernels.js';
import { newBitmapId } from '../core/media/picture.js';
import {
  TALKING,
  type GestureArm,
  type GestureData,
  type HeadPose,
  type PlacedBitmap,
  type TorsoShape,
} from './presenter-data.js';
import {
  BROW_STATES,
  EYE_STATES,
  GESTURES,
  type ArmPose,
  type GesturePlan,
  type PartName,
  type PresenterPack,
} from './presenter-pack.js';
import { ARM_PHASES, bankPlan, type BankPlan, HEAD_PARTS, headBounds, type HeadBounds } from './bank-plan.js';
import {
  armContent,
  armJoints,
  betweenPoses,
  browIds,
  cell,
  eyeIds,
  featuresInJaw,
  type Fit,
  hairMatrix,
  headMatrix,
  type HeadPosition,
  jawMatrix,
  lean,
  type Matrix,
  mouthIds,
  multiply,
  type PoseBank,
  type Region,
  sheetSvg,
  use,
} from './pose-svg.js';
import { cutSprite, type Pixels, type Rasterise } from './rasterise.js';
import { LARGER, layerOf, WarpTarget, type Layer } from './warped-layer.js';

/** How far two neighbouring bands of the torso are moved apart, at its fullest lean. */
const BAND_STEP_PX = 0.35;

/** Sheets drawn in parallel; each holds its RGBA while it is cut. */
const PARALLEL = 3;

/** Cells side by side on shelves, at even positions. */
function shelve(cells: readonly Region[]): {
  places: { x: number; y: number }[];
  width: number;
  height: number;
} {
  const limit = Math.max(1600, ...cells.map((c) => c.width));
  const places: { x: number; y: number }[] = [];
  let [x, y, shelf, width] = [0, 0, 0, 0];
  for (const c of cells) {
    if (x > 0 && x + c.width > limit) {
      x = 0;
      y += shelf;
      shelf = 0;
    }
    places.push({ x, y });
    x += c.width;
    shelf = Math.max(shelf, c.height);
    width = Math.max(width, x);
  }
  return { places, width, height: y + shelf };
}

/** Runs all jobs, a few at a time, and says how far it is. */
async function inParallel(jobs: readonly (() => Promise<void>)[], onProgress?: (share: number) => void): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < jobs.length) {
      const job = jobs[next]!;
      next += 1;
      await job();
      done += 1;
      onProgress?.(done / jobs.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** Sheets finish in any order; sprites are numbered by their use, so a bank's order is deterministic. */
function inOrder(bank: PoseBank): PoseBank {
  const sprites: PlacedBitmap[] = [];
  const renumbered = new Map<number, number>();
  const of = (old: number): number => {
    if (old < 0) return -1;
    const known = renumbered.get(old);
    if (known !== undefined) return known;
    renumbered.set(old, sprites.length);
    return sprites.push({ ...bank.sprites[old]!, id: newBitmapId() }) - 1;
  };
  const head = (p: HeadPose): HeadPose => ({
    back: of(p.back),
    head: of(p.head),
    front: of(p.front),
    right: of(p.right),
    worn: of(p.worn),
    eyes: p.eyes.map(of),
    brows: p.brows.map(of),
    mouths: p.mouths.map(of),
    jaws: p.jaws.map(of),
  });
  const arm = (a: GestureArm | null): GestureArm | null =>
    a === null ? null : { steps: a.steps.map(of), beat: a.beat.map(of) };
  return {
    sprites,
    sway: bank.sway.map(head),
    nod: bank.nod.map(head),
    torso: bank.torso,
    bodyLower: of(bank.bodyLower),
    bodyUpper: bank.bodyUpper.map(of),
    idleRight: bank.idleRight.map(of),
    idleLeft: bank.idleLeft.map(of),
    gestures: bank.gestures.map((g) => ({ ...g, right: arm(g.right), left: arm(g.left) })),
  };
}

/** The back hair of the next step towards the middle. */
const backNear = (sway: readonly HeadPose[], i: number): number =>
  sway[i + Math.sign((sway.length - 1) / 2 - i)]?.back ?? -1;
const ARM_PARTS: readonly PartName[] = ['upperArm', 'forearm', 'hands'];

/**
 * Draws every pose that the frame path may show. Nothing is rotated or scaled at run time: a tilting head is a row of
 * pictures, one pixel apart at the crown, each drawn at its sub-pixel position.
 *
 * Head and torso are drawn once, enlarged, and their poses are resampled; each pose of an arm is a drawing of its own.
 */
export async function drawPoseBank(
  pack: PresenterPack,
  fit: Fit,
  size: { width: number; height: number },
  kernels: Kernels,
  { rasterise, onProgress }: { rasterise: Rasterise; onProgress?: (share: number) => void },
): Promise<PoseBank> {
  const artist = new Artist(pack, fit, size, kernels, rasterise);
  return artist.draw(onProgress);
}

/** The torso leans with the arm that gestures, less for a pointing one, and not with both. */
function torsoTilt(g: GesturePlan): number {
  if (g.right === undefined) return g.left === undefined ? 0 : -TILT;
  if (g.left !== undefined) return 0;
  return g.right.shape === 'point' ? 0.7 * TILT : TILT;
}
const TILT = 0.85;

/** Where either arm has a gesture while talking, both together have one, from the same pictures. */
function withBothArms(gestures: GestureData[]): void {
  const one = gestures.find((g) => g.name === TALKING && g.right !== null && g.left === null);
  const other = gestures.find((g) => g.name === TALKING && g.left !== null && g.right === null);
  if (one === undefined || other === undefined) return;
  gestures.push({ ...one, left: other.left, tilt: 0 });
}

class Artist {
  private readonly sprites: PlacedBitmap[] = [];
  private readonly where: string;
  private readonly middle: number;

  constructor(
    private readonly pack: PresenterPack,
    private readonly fit: Fit,
    private readonly size: { width: number; height: number },
    private readonly kernels: Kernels,
    private readonly rasterise: Rasterise,
  ) {
    this.where = `presenter "${pack.manifest.name}"`;
    const { viewBox } = pack.manifest;
    this.middle = viewBox[0] + viewBox[2] / 2;
  }

  async draw(onProgress?: (share: number) => void): Promise<PoseBank> {
    const m = this.pack.manifest;
    const bounds = await headBounds(this.pack, this.fit, this.size, this.rasterise);
    const plan = bankPlan(m, this.fit, bounds);
    const jobs: (() => Promise<void>)[] = [];
    const later = <T>(into: T[], index: number, make: () => Promise<T> | T): void => {
      jobs.push(async () => {
        into[index] = await make();
      });
    };

    const layers = await this.headLayers(bounds);
    const body = await this.bodyLayer();
    const sway: HeadPose[] = [];
    for (let i = 0; i < plan.swaySteps; i += 1) {
      const half = (plan.swaySteps - 1) / 2;
      const at = { sway: half === 0 ? 0 : (i - half) / half, nod: 0 };
      // Hair behind the head lags behind it anyway: every second step has a picture of its own.
      later(sway, i, () => this.headPose(at, layers, plan.jawSteps, (i - half) % 2 === 0));
    }
    const nod: HeadPose[] = [];
    for (let i = 0; i < plan.nodSteps; i += 1)
      later(nod, i, () => this.headPose({ sway: 0, nod: (i + 1) / plan.nodSteps }, layers, plan.jawSteps, true));

    const line = this.breathLine();
    const lower: number[] = [];
    later(lower, 0, () =>
      this.single(['body'], { x: 0, y: line, width: this.size.width, height: this.size.height - line }, use('body')),
    );
    const bodyUpper: number[] = [];
    const idleRight: number[] = [];
    const idleLeft: number[] = [];
    const phases = plan.torsoPhases;
    for (let i = 0; i < plan.breathSteps * phases; i += 1) {
      const breath = Math.floor(i / phases) / (plan.breathSteps - 1);
      const moved = this.breathing(breath, (2 * (i % phases)) / phases);
      later(bodyUpper, i, () => this.warped({ x: 0, y: 0, width: this.size.width, height: line }, [body, moved]));
    }
    for (let i = 0; i < plan.breathSteps * ARM_PHASES; i += 1) {
      const breath = Math.floor(i / ARM_PHASES) / (plan.breathSteps - 1);
      // Half of the two pixels by which bitmaps move.
      const x = (i % ARM_PHASES) / this.fit.scale;
      later(idleRight, i, () => this.idleArm(m.idle.right, 'right', breath, x));
      later(idleLeft, i, () => this.idleArm(m.idle.left, 'left', breath, x));
    }

    const gestures: GestureData[] = [];
    const plans: { name: GestureData['name']; g: GesturePlan }[] = [
      ...GESTURES.map((name) => ({ name, g: m.gestures[name] })),
      ...m.talking.map((g) => ({ name: TALKING, g })),
    ];
    plans.forEach(({ name, g }, index) => {
      const right = this.gestureArm(m.idle.right, g, 'right', plan, later);
      const left = this.gestureArm(m.idle.left, g, 'left', plan, later);
      gestures[index] = {
        name,
        inMs: g.inMs,
        holdMs: g.holdMs,
        outMs: g.outMs,
        right,
        left,
        beats: g.beat?.count ?? 0,
        nods: g.nods,
        lean: g.head.lean,
        gaze: EYE_STATES.indexOf(g.head.gaze),
        brows: BROW_STATES.indexOf(g.head.brows),
        tilt: torsoTilt(g),
      };
    });

    await inParallel(jobs, onProgress);
    withBothArms(gestures);
    return inOrder({
      sprites: this.sprites,
      sway: sway.map((head, i) => (head.back >= 0 ? head : { ...head, back: backNear(sway, i) })),
      nod,
      torso: this.torso(phases),
      bodyLower: lower[0]!,
      bodyUpper,
      idleRight,
      idleLeft,
      gestures,
    });
  }

  private gestureArm(
    idle: ArmPose,
    g: GesturePlan,
    side: 'right' | 'left',
    plan: BankPlan,
    later: (into: number[], index: number, make: () => Promise<number>) => void,
  ): GestureArm | null {
    const target = g[side];
    if (target === undefined) return null;
    const steps: number[] = [];
    for (let i = 0; i < plan.armSteps; i += 1) {
      // Eased in the drawing: the frame path walks the steps linearly.
      const t = (i + 1) / plan.armSteps;
      const eased = t * t * (3 - 2 * t);
      later(steps, i, () => this.arm(betweenPoses(idle, target, eased), side));
    }
    const beat: number[] = [];
    if (g.beat !== undefined) {
      const { fore, hand } = g.beat;
      const reach = this.pack.manifest.arms.foreLength * 1.6 * this.fit.scale;
      const count = plan.beatSteps(((fore + hand * 0.4) * Math.PI * reach) / 90);
      for (let i = 0; i < count; i += 1) {
        const swing = (2 * i) / (count - 1) - 1;
        later(beat, i, () =>
          this.arm({ ...target, fore: target.fore + fore * swing, hand: target.hand + hand * swing }, side),
        );
      }
    }
    return { steps, beat };
  }

  /** The even row that divides the still lower body from the breathing chest. */
  private breathLine(): number {
    const y = Math.round(this.pack.manifest.breath.line * this.fit.scale + this.fit.offsetY);
    return Math.max(2, Math.min(this.size.height - 2, y - (y & 1)));
  }

  /** The chest stretched upwards from the line, so the shoulders move and the line stays, and moved to the right. */
  private breathing(level: number, movedPx: number): Matrix {
    const line = (this.breathLine() - this.fit.offsetY) / this.fit.scale;
    const stretch = 1 + (this.pack.manifest.breath.rise * level) / this.chest();
    return multiply([1, 0, 0, 1, movedPx / this.fit.scale, 0], lean(line, 0, stretch));
  }

  /** From the shoulders down to the line, in units. */
  private chest(): number {
    const line = (this.breathLine() - this.fit.offsetY) / this.fit.scale;
    return Math.max(1, line - this.pack.manifest.arms.shoulder[1]);
  }

  private torso(phases: number): TorsoShape {
    const span = this.chest() * this.fit.scale;
    const shiftPx = this.pack.manifest.weight.shift * this.fit.scale;
    const band = 2 * Math.round((BAND_STEP_PX * span) / Math.max(1, shiftPx) / 2);
    return { phases, line: this.breathLine(), span, band: Math.max(8, band) };
  }

  /** The torso above the breathing line, and a little below it. */
  private async bodyLayer(): Promise<Layer | undefined> {
    const height = Math.min(this.size.height, this.breathLine() + 4);
    const region = { x: 0, y: 0, width: this.size.width, height };
    return (await this.layersOf(['body'], [{ region, content: use('body') }]))[0];
  }

  /** Layers drawn on one sheet, enlarged; each has the content of its region. */
  private async layersOf(
    parts: readonly PartName[],
    drawn: readonly { readonly region: Region; readonly content: string }[],
  ): Promise<(Layer | undefined)[]> {
    const enlarged = (r: Region): Region => ({
      x: r.x * LARGER,
      y: r.y * LARGER,
      width: r.width * LARGER,
      height: r.height * LARGER,
    });
    const { scale, offsetX, offsetY } = this.fit;
    const fit = { scale: scale * LARGER, offsetX: offsetX * LARGER, offsetY: offsetY * LARGER };
    const cells = drawn.map(({ region }) => enlarged(region));
    const { places, width, height } = shelve(cells);
    const content = drawn.map((d, i) => cell(fit, cells[i]!, places[i]!.x, places[i]!.y, d.content)).join('');
    const sheet = await this.rasterise(sheetSvg(this.pack, parts, width, height, content), this.where);
    return drawn.map(({ region }, i) => layerOf(sheet, { ...cells[i]!, ...places[i]! }, region));
  }

  private warped(region: Region, ...laid: readonly (readonly [Layer | undefined, Matrix])[]): number {
    const target = new WarpTarget(this.fit, region);
    for (const [layer, moved] of laid) target.lay(layer, moved);
    return this.kept(target.pixels(), region);
  }

  private kept(pixels: Pixels, region: Region): number {
    return this.keep(pixels, { x: 0, y: 0, width: region.width, height: region.height }, region);
  }

  /** An idle arm: it follows the shoulder, and swings a little with the breath. */
  private idleArm(pose: ArmPose, side: 'right' | 'left', breath: number, x: number): Promise<number> {
    const { weight, breath: chest } = this.pack.manifest;
    const swing = -0.6 * weight.armDegrees * breath;
    const swung = { ...pose, upper: pose.upper + swing, fore: pose.fore - 0.5 * swing };
    return this.arm(swung, side, { x, y: -chest.rise * breath });
  }

  private arm(pose: ArmPose, side: 'right' | 'left', move = { x: 0, y: 0 }): Promise<number> {
    const m = this.pack.manifest;
    const joints = armJoints(m, pose);
    // Wide enough for the sleeve and for a hand at any angle.
    const margin = m.arms.foreLength * 0.42;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [jx, y] of joints) {
      const x = side === 'right' ? jx : 2 * this.middle - jx;
      left = Math.min(left, x - margin);
      right = Math.max(right, x + margin);
      top = Math.min(top, y - margin);
      bottom = Math.max(bottom, y + margin);
    }
    const region = this.toRegion(left, top, right, bottom);
    return this.single(
      this.pack.arm === undefined ? ARM_PARTS : [],
      region,
      armContent(this.pack, pose, side, move, this.middle),
      pose.shape,
    );
  }

  /** A rectangle in units as an even one in pixels, inside the picture. */
  private toRegion(left: number, top: number, right: number, bottom: number): Region {
    const { scale, offsetX, offsetY } = this.fit;
    const down = (v: number, max: number): number => Math.max(0, Math.min(max, Math.floor(v / 2) * 2));
    const up = (v: number, max: number): number => Math.max(0, Math.min(max, Math.ceil(v / 2) * 2));
    const x = down(left * scale + offsetX, this.size.width - 2);
    const y = down(top * scale + offsetY, this.size.height - 2);
    return {
      x,
      y,
      width: Math.max(2, up(right * scale + offsetX, this.size.width) - x),
      height: Math.max(2, up(bottom * scale + offsetY, this.size.height) - y),
    };
  }

  private async single(parts: readonly PartName[], region: Region, content: string, hand?: string): Promise<number> {
    const drawn = cell(this.fit, region, 0, 0, content);
    const svg = sheetSvg(this.pack, parts, region.width, region.height, drawn, hand);
    const sheet = await this.rasterise(svg, this.where);
    return this.kept(sheet, region);
  }

  private keep(sheet: Parameters<typeof cutSprite>[0], at: Region, region: Region): number {
    const sprite = cutSprite(sheet, at, region.x, region.y, this.kernels);
    if (sprite === undefined) return -1;
    this.sprites.push({ id: 0, ...sprite });
    return this.sprites.length - 1;
  }

  private async headLayers(bounds: HeadBounds): Promise<HeadLayers> {
    const mouths = [...new Set(mouthIds(this.pack))];
    const large = { back: 'hairBack', front: 'hairFront', right: 'hairRight', worn: 'eyewear' } as const;
    const drawn: { key: string; region: Region; id: string }[] = [
      ...(['back', 'front', 'right', 'worn'] as const).map((key) => ({ key, region: bounds[key], id: large[key] })),
      { key: 'head', region: bounds.head, id: 'head' },
      { key: 'features', region: bounds.head, id: 'features' },
      ...eyeIds.map((id) => ({ key: id, region: bounds.eyes, id })),
      ...browIds.map((id) => ({ key: id, region: bounds.brows, id })),
      ...mouths.map((id) => ({ key: id, region: bounds.mouths, id })),
    ];
    const contents = drawn.map(({ region, id }) => ({ region, content: use(id) }));
    const layers = await this.layersOf(HEAD_PARTS, contents);
    return { bounds, of: new Map(drawn.map(({ key }, i) => [key, layers[i]])) };
  }

  private headPose(p: HeadPosition, { bounds, of }: HeadLayers, jawSteps: number, withBack: boolean): HeadPose {
    const m = this.pack.manifest;
    const outline = headMatrix(m, p, 'outline');
    const face = headMatrix(m, p, 'face');
    const onFace = (region: Region, ids: readonly string[]): number[] => {
      const drawn = new Map([...new Set(ids)].map((id) => [id, this.warped(region, [of.get(id), face])]));
      return ids.map((id) => drawn.get(id)!);
    };
    const hair = (mass: 'left' | 'right' | 'back', key: 'front' | 'right' | 'back'): number =>
      this.warped(bounds[key], [of.get(key), hairMatrix(m, p, mass)]);
    return {
      back: withBack ? hair('back', 'back') : -1,
      head: this.warped(bounds.head, [of.get('head'), outline], [of.get('features'), face]),
      front: hair('left', 'front'),
      right: hair('right', 'right'),
      worn: this.warped(bounds.worn, [of.get('worn'), face]),
      eyes: onFace(bounds.eyes, eyeIds),
      brows: onFace(bounds.brows, browIds),
      mouths: onFace(bounds.mouths, mouthIds(this.pack)),
      jaws: Array.from({ length: jawSteps }, (_, i) => {
        const stretched = multiply(outline, jawMatrix(m, (i + 1) / jawSteps)!);
        // Clipped as one: overlapping soft edges would show as a line.
        const target = new WarpTarget(this.fit, bounds.jaw)
          .lay(of.get('head'), stretched)
          .lay(of.get('features'), multiply(stretched, featuresInJaw(m, p)))
          .clipAbove(m.head.jaw!.line, stretched);
        return this.kept(target.pixels(), bounds.jaw);
      }),
    };
  }
}

interface HeadLayers {
  readonly bounds: HeadBounds;
  readonly of: ReadonlyMap<string, Layer | undefined>;
}
