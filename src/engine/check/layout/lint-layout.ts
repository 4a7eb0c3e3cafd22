import type { PresenterData } from '../../../avatar/presenter-data.js';
import type { RoomConfig } from '../../../config/room-config.js';
import type { Kernels } from '../../../core/kernels.js';
import type { Box } from '../../../core/verdict.js';
import { LayoutMaker, type CaptionText, type LaidOut } from '../../../scene/lay-out.js';
import { themeOf } from '../../../scene/layers/panel-theme.js';
import { inkBox } from '../../../scene/raster.js';
import type { DrawPicture } from '../../../scene/assets/load-picture.js';
import type { ClipDeps } from '../../../scene/clips/clip.js';
import type { Admit } from '../../../scene/picture-store.js';
import { areaOf, beyond, meet, percent, placeOf, turnedOffset } from './layer-boxes.js';
import type { CheckFault } from '../check-fault.js';
import { contrastRatio, over, textContrast, type TextPaint } from './contrast.js';
import { coverShare, faceOf, hiddenPixels } from './face-cover.js';
import { cutAt, gestureHands, type GestureHand, hiddenShare } from './gesture-hands.js';
import { safeAreas, type SafeAreas } from './safe-area.js';
import { shownInTurn } from './shown-in-turn.js';
import { StillCanvas } from './still-canvas.js';

/*
 * Problem: a room can keep every text rule and still show a card over the caption, unreadable letters, or a presenter
 * as small as a stamp. Platforms count that as low quality (5.10) or a mere background (5.11), and viewers leave.
 * Rule: every layer is laid out as it will be drawn, for every product of the script and with every caption, and
 * measured at rest and at its keyframes. Anything unreadable or invisible is a fault; a figure beyond the limits below
 * is a warning. Each layer and kind is reported once, at its worst.
 * Numbers: label ≥ 5 % of the shortest side; letters in the safe area; contrast ≥ 3 (WCAG 2.2 for large text), below
 * 1.5 a fault; two texts share ≤ 2 % of the smaller one, a third is a fault; the face is covered by ≤ 5 %, a quarter
 * is a fault; a hand is covered by ≤ 30 % in the gestures of the script, and not cut off; presenter ≥ `compliance.watch.picture.presenterShare` of the frame.
 */

const LABEL_SHARE = 0.05;
const MIN_CONTRAST = 3;
const UNREADABLE_CONTRAST = 1.5;
const OVERLAP = { warning: 0.02, fault: 1 / 3 } as const;
const FACE = { warning: 0.05, fault: 0.25 } as const;
const HAND_COVERED = 0.3;
const OUTSIDE_FAULT = 1 / 3;
/** A caption may exceed the layer's `height` by this factor before a warning, since line heights vary. */
const HEIGHT_SLACK = 1.05;

export interface LintDeps {
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  readonly admit: Admit;
  readonly clips?: ClipDeps | undefined;
  /** Undefined when the presenter could not be loaded: then the face is not checked. */
  readonly presenter: PresenterData | undefined;
}

/** Faults of a room's layout. Throws the EngineErrors of layers that cannot be drawn. */
export async function lintLayout(room: RoomConfig, deps: LintDeps): Promise<CheckFault[]> {
  const hands = deps.presenter === undefined ? [] : await gestureHands(room.presenter.pack, deps.presenter);
  const lint = new LayoutLint(room, deps, hands);
  const shows = new Map<string | null, CaptionText[]>();
  room.script.segments.forEach((segment, s) => {
    const captions = shows.get(segment.product ?? null) ?? [];
    segment.lines.forEach((line, l) => {
      const where = `script.segments[${s}].lines[${l}]`;
      const language = line.language ?? room.language;
      captions.push({ text: line.caption ?? line.text, language, where });
      if (line.caption === '') return;
      for (const [v, text] of line.variants.entries())
        captions.push({ text, language, where: `${where}.variants[${v}]` });
    });
    shows.set(segment.product ?? null, captions);
  });
  const fillers = room.script.fillers.map((text, f) => ({
    text,
    language: room.language,
    where: `script.fillers[${f}]`,
  }));
  for (const captions of shows.values()) captions.push(...fillers);
  for (const [product, captions] of shows) await lint.show(product, captions);
  return lint.findings();
}

interface Finding {
  readonly fault: CheckFault;
  readonly worse: number;
}

class LayoutLint {
  private readonly found = new Map<string, Finding>();
  private readonly maker: LayoutMaker;
  private readonly safe: SafeAreas;
  private readonly frame: Box;
  private readonly face: Box | undefined;
  /** The product being laid out. */
  private product: string | null = null;

  constructor(
    private readonly room: RoomConfig,
    private readonly deps: LintDeps,
    private readonly hands: readonly GestureHand[],
  ) {
    this.maker = new LayoutMaker(room, deps);
    this.safe = safeAreas(room);
    this.frame = { x: 0, y: 0, width: room.video.width, height: room.video.height };
    this.face = deps.presenter && faceOf(deps.presenter);
  }

  findings(): CheckFault[] {
    return [...this.found.values()].map((f) => f.fault);
  }

  async show(product: string | null, captions: readonly CaptionText[]): Promise<void> {
    const layers = await this.maker.layers(product);
    const pages: LaidOut[] = [];
    for (const [index, layer] of this.room.layers.entries()) {
      if (layer.type !== 'caption') continue;
      for (const caption of captions) pages.push(...(await this.maker.caption(index, caption, product)));
    }
    const hands = this.handsOf(product);
    this.product = product;
    for (const hand of hands) this.handCut(hand);
    const canvas = new StillCanvas(this.room, this.deps.kernels, this.deps.presenter);
    let above = false;
    for (const laid of layers) {
      // Captions have a z-order of their own: those below this layer are judged before it is drawn.
      for (const page of pages) if (!above && page.layer.z < laid.layer.z) this.readable(page, canvas);
      this.readable(laid, canvas);
      this.fits(laid);
      this.label(laid);
      if (laid.layer.type === 'presenter') this.presenter(laid.box);
      else if (above) {
        this.overFace(laid);
        for (const hand of hands) this.overHand(laid, hand);
      }
      canvas.add(laid);
      if (laid.layer.type === 'presenter') above = true;
    }
    const presenterZ = this.room.layers.find((l) => l.type === 'presenter')?.z ?? 0;
    for (const page of pages) {
      this.readable(page, canvas);
      this.fits(page);
      if (page.layer.z >= presenterZ) this.overFace(page);
      for (const other of layers) this.overlap(page, other);
    }
    layers.forEach((a, i) => layers.slice(i + 1).forEach((b) => this.overlap(a, b)));
  }

  private label({ layer, pictures, index }: LaidOut): void {
    if (layer.type !== 'label') return;
    const { shortest } = this.maker.canvas;
    // The letters are the bright rows; the label draws white on dark.
    const ink = pictures[0] && brightRows(pictures[0].raster.rgba, pictures[0].raster.width);
    const share = (ink ?? 0) / shortest;
    if (share >= LABEL_SHARE) return;
    this.add('label', this.where(layer.id, index), share, {
      severity: 'fault',
      expected: `the AI label's letters at least ${percent(LABEL_SHARE)} of the shortest side (${Math.ceil(shortest * LABEL_SHARE)} px)`,
      found: `${ink ?? 0} px`,
    });
  }

  private presenter(box: Box): void {
    const { presenterShare } = this.room.compliance.watch.picture;
    const inside = meet(box, this.safe.presenter);
    const share = areaOf(inside) / areaOf(this.frame);
    if (share >= presenterShare) return;
    const layer = this.room.layers.findIndex((l) => l.type === 'presenter');
    this.add('presenter', this.where(this.room.layers[layer]?.id ?? '', layer), 1 - share, {
      severity: share === 0 ? 'fault' : 'warning',
      expected: `the presenter's place at least ${percent(presenterShare)} of the frame, inside the safe area`,
      found: `${percent(share)} (${placeOf(inside)})`,
      rule: '5.11',
    });
  }

  /** Letters must be inside the frame and the safe area, and none may be cut off. */
  private fits(laid: LaidOut): void {
    const { layer, letters, overflow, caption, offsets } = laid;
    if (overflow !== undefined) {
      this.add('overflow', this.whereOf(laid), overflow.needed / overflow.room, {
        severity: 'warning',
        expected: `text that fits into ${overflow.room} ${overflow.unit}`,
        found: `${overflow.needed} ${overflow.unit} for "${laid.text.slice(0, 40)}"`,
      });
    }
    const height = layer.height === undefined ? undefined : this.heightOf(layer.height);
    if (caption !== undefined && height !== undefined && laid.box.height > height * HEIGHT_SLACK) {
      this.add('caption-height', this.whereOf(laid), laid.box.height / height, {
        severity: 'warning',
        expected: `a caption no higher than the layer's height of ${height} px`,
        found: `${laid.box.height} px in ${caption.where}`,
      });
    }
    if (letters === undefined) return;
    for (const { dx, dy } of offsets) {
      const box = { ...letters, x: letters.x + dx, y: letters.y + dy };
      // A ticker's letters run through its whole width, so only its height counts.
      const own = layer.type === 'ticker' ? { ...box, x: this.safe.text.x, width: this.safe.text.width } : box;
      const lost = 1 - areaOf(meet(own, this.frame)) / areaOf(own);
      const out = beyond(own, this.safe.text);
      if (lost > 0) {
        this.add('outside', this.whereOf(laid), 1000 + lost, {
          severity: lost >= OUTSIDE_FAULT ? 'fault' : 'warning',
          expected: `text inside the frame of ${this.frame.width}×${this.frame.height}`,
          found: `${percent(lost)} of it outside (${placeOf(own)})${named(caption)}`,
          ...turnedOffset(layer),
        });
      } else if (out > 0) {
        this.add('outside', this.whereOf(laid), out, {
          severity: 'warning',
          expected: `text inside the safe area (${placeOf(this.safe.text)})`,
          found: `${out} px outside of it (${placeOf(own)})${named(caption)}`,
        });
      }
    }
  }

  private readable(laid: LaidOut, canvas: StillCanvas): void {
    const { layer, letters } = laid;
    if (letters === undefined) return;
    const paints: { what: string; paint: TextPaint }[] = [];
    if (layer.type === 'text') paints.push({ what: 'text', paint: layer });
    if (layer.type === 'bubble' || layer.type === 'ticker') paints.push({ what: 'text', paint: layer });
    if (layer.type === 'caption') {
      const { colour, highlight, fill, outline } = layer;
      paints.push({ what: 'caption', paint: { colour, fill, outline } });
      paints.push({ what: 'highlighted word', paint: { colour: highlight, fill, outline } });
    }
    if ('theme' in layer) {
      const { body, price } = themeOf(layer.theme, layer.accent);
      const ratio = contrastRatio(over(price, over(body, [0, 0, 0])), over(body, [0, 0, 0]));
      this.contrast(laid, layer.type === 'card' ? 'price' : 'accent', ratio);
    }
    if (paints.length === 0) return;
    const under = canvas.under(letters);
    if (under.length === 0) return;
    for (const { what, paint } of paints) this.contrast(laid, what, textContrast(under, paint));
  }

  private contrast(laid: LaidOut, what: string, ratio: number): void {
    if (ratio >= MIN_CONTRAST) return;
    this.add(`contrast ${what}`, this.whereOf(laid), 21 - ratio, {
      severity: ratio < UNREADABLE_CONTRAST ? 'fault' : 'warning',
      expected: `a contrast of at least ${MIN_CONTRAST} : 1 between ${what} and what is under it`,
      found: `${ratio.toFixed(1)} : 1${named(laid.caption)}`,
    });
  }

  private overFace(laid: LaidOut): void {
    const { face } = this;
    if (face === undefined) return;
    let share = 0;
    for (const { dx, dy } of laid.offsets) share = Math.max(share, coverShare(laid, face, dx, dy));
    if (share <= FACE.warning) return;
    this.add('face', this.whereOf(laid), share, {
      severity: share >= FACE.fault ? 'fault' : 'warning',
      expected: `nothing over the presenter's face (${placeOf(face)})`,
      found: `${percent(share)} of it covered by the ${laid.layer.type}${named(laid.caption)}`,
      rule: '5.11',
    });
  }

  /** Hands of the gestures that the script makes while a product is shown. */
  private handsOf(product: string | null): GestureHand[] {
    const { segments } = this.room.script;
    const lines = segments.filter((one) => (one.product ?? null) === product).flatMap((one) => one.lines);
    const used = new Set<string>(lines.map(({ gesture }) => gesture));
    return this.hands.filter(({ gesture }) => used.has(gesture));
  }

  /** No hand may end at the edge of the presenter's layer or of the frame. */
  private handCut(hand: GestureHand): void {
    const index = this.room.layers.findIndex((l) => l.type === 'presenter');
    const layer = this.deps.presenter!.box;
    const place = meet(layer, this.frame);
    const edge = cutAt(hand, place);
    if (edge === undefined) return;
    this.add(`hand ${hand.gesture}`, this.where(this.room.layers[index]?.id ?? '', index), 1, {
      severity: 'warning',
      expected: `the ${hand.side} hand whole during the gesture "${hand.gesture}"`,
      found: `cut off at the ${edge} edge of the presenter's place (${placeOf(place)})`,
      todo: 'move or enlarge the layer, or choose another gesture',
    });
  }

  private overHand(laid: LaidOut, hand: GestureHand): void {
    let share = 0;
    for (const { dx, dy } of laid.offsets)
      share = Math.max(share, hiddenShare(hand, hiddenPixels(laid, hand.box, dx, dy)));
    if (share <= HAND_COVERED) return;
    this.add(`hand ${hand.gesture}`, this.whereOf(laid), share, {
      severity: 'warning',
      expected: `the ${hand.side} hand visible during the gesture "${hand.gesture}"`,
      found: `${percent(share)} of it behind the ${laid.layer.type}`,
      todo: 'move the layer, give it a lower z than the presenter, or choose another gesture',
    });
  }

  private overlap(a: LaidOut, b: LaidOut): void {
    if (a.letters === undefined || b.letters === undefined || a.layer.id === b.layer.id) return;
    if (shownInTurn(this.room, this.product, a.layer, b.layer)) return;
    const [x, y] = [bodyOf(a), bodyOf(b)];
    const share = areaOf(meet(x, y)) / Math.min(areaOf(x), areaOf(y));
    if (share <= OVERLAP.warning) return;
    this.add(`overlap ${b.layer.id}`, this.whereOf(a), share, {
      severity: share >= OVERLAP.fault ? 'fault' : 'warning',
      expected: `the ${a.layer.type} clear of the ${b.layer.type} "${b.layer.id}"`,
      found: `${percent(share)} of the smaller one shared (${placeOf(x)} and ${placeOf(y)})${named(a.caption)}`,
    });
  }

  private add(kind: string, where: string, worse: number, fault: Omit<CheckFault, 'where'>): void {
    const key = `${where} ${kind}`;
    const known = this.found.get(key);
    if (known === undefined || worse > known.worse) this.found.set(key, { worse, fault: { ...fault, where } });
  }

  private heightOf(height: NonNullable<RoomConfig['layers'][number]['height']>): number {
    if (typeof height === 'number') return height;
    const share = Number.parseFloat(height) / 100;
    return Math.round(share * (height.endsWith('vmin') ? this.maker.canvas.shortest : this.frame.height));
  }

  private whereOf = (laid: LaidOut): string => this.where(laid.layer.id, laid.index);
  private where = (id: string, index: number): string => (index < 0 ? `layer "${id}"` : `layers[${index}] "${id}"`);
}

const named = (caption: CaptionText | undefined): string => (caption === undefined ? '' : ` in ${caption.where}`);

/** The part of a text layer that must stay uncovered: its panel, or the letters without a panel. */
const bodyOf = ({ layer, box, letters }: LaidOut): Box => (layer.type === 'text' && letters ? letters : box);

/** Height of the rows that hold bright letters. */
function brightRows(rgba: Uint8Array, width: number): number {
  const bright = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i]! > 30 && rgba[i + 3]! > 60) bright[i + 3] = 255;
  }
  return inkBox({ rgba: bright, width, height: rgba.length / 4 / width })?.height ?? 0;
}
