import type { CheckFault } from '../../admission/check-rights.js';
import { filledTexts, type ShownText, shownTexts } from '../../admission/texts/layer-texts.js';
import type { PresenterData } from '../../avatar/presenter-data.js';
import { findLanguage, formatPrice, scriptOf, scriptOfLetter } from '../../config/languages/language-table.js';
import type { RoomConfig } from '../../config/room-config.js';
import { type Layer, shotsOf } from '../../config/sections/layer.js';
import { type ShotName, SHOTS } from '../../config/sections/shots.js';
import type { Kernels } from '../../core/kernels.js';
import type { Box } from '../../core/verdict.js';
import { StillCanvas } from '../../render/still-canvas.js';
import type { DrawPicture } from '../../scene/assets/load-picture.js';
import type { ClipDeps } from '../../scene/clips/clip.js';
import { shiftIn, windowIn } from '../../scene/compile-motion.js';
import { contrastRatio, over, textContrast, type TextPaint } from '../../scene/contrast.js';
import type { GlyphSet } from '../../scene/fonts/glyph-set.js';
import { type CaptionText, type LaidOut, LayoutMaker } from '../../scene/lay-out.js';
import { themeOf } from '../../scene/layers/panel-sheet.js';
import type { Admit } from '../../scene/picture-store.js';
import { inkBox } from '../../scene/raster.js';
import { areaOf, beyond, meet, percent, placeOf, turnedOffset } from '../../scene/place-box.js';
import {
  type GestureHand,
  gestureHands,
  LayoutFindings,
  named,
  PresenterLint,
  safeAreas,
  type SafeAreas,
  whereOf,
} from './layout-findings.js';

const SHOWN_LETTERS = 6;

/** Texts whose letters no font of this machine has: they would be drawn as empty boxes. */
export function checkGlyphs(room: RoomConfig, glyphs: GlyphSet): CheckFault[] {
  return [...languageTexts(room), ...filledTexts(shownTexts(room), room), ...captions(room)].flatMap(
    ({ where, text }) => {
      const missing = glyphs.missing(text);
      if (missing.length === 0) return [];
      const script = missing.map(scriptOfLetter).find((one) => one !== undefined);
      const isLetter = missing.some((char) => /[\p{L}\p{M}\p{N}]/u.test(char));
      const more = missing.length > SHOWN_LETTERS ? ` and ${missing.length - SHOWN_LETTERS} more` : '';
      return [
        {
          severity: isLetter ? 'fault' : 'warning',
          where,
          expected: `a font for each letter${remedy(script)}`,
          found: `no font for ${missing.slice(0, SHOWN_LETTERS).join(' ')}${more}${script === undefined ? '' : ` (${script.name})`}`,
        } as const,
      ];
    },
  );
}

const remedy = (script: { font?: string | undefined } | undefined): string => {
  const folder = 'a font in ~/.local/share/fonts';
  return script?.font === undefined
    ? ` (add ${folder})`
    : ` (npm install ${script.font} beside the engine, or ${folder})`;
};

/** The letters in which answers to viewers and prices will be shown. */
function languageTexts(room: RoomConfig): ShownText[] {
  const row = findLanguage(room.language);
  const letters = row === undefined ? '' : scriptOf(row).sample;
  return [
    { where: 'language', text: letters },
    ...room.products.map(({ price: { amount, currency } }, i) => ({
      where: `products[${i}].price`,
      text: formatPrice(amount, currency, room.language),
    })),
  ];
}

function captions({ script, takeover }: RoomConfig): ShownText[] {
  return [
    ...script.segments.flatMap(({ lines }, s) =>
      lines.flatMap(({ text, caption, variants }, l) => {
        const where = `script.segments[${s}].lines[${l}]`;
        if (caption !== undefined) return [{ where: `${where}.caption`, text: caption }];
        return [
          { where: `${where}.text`, text },
          ...variants.map((one, v) => ({ where: `${where}.variants[${v}]`, text: one })),
        ];
      }),
    ),
    ...script.fillers.map((text, f) => ({ where: `script.fillers[${f}]`, text })),
    ...takeover.quickPhrases.map(({ text }, i) => ({ where: `takeover.quickPhrases[${i}].text`, text })),
  ];
}

interface Placed {
  readonly layer: Layer;
  readonly box: Box;
}

/** Panels without a see-through part. */
const OPAQUE: ReadonlySet<string> = new Set(['ladder', 'attributes', 'coupon', 'countdown']);

/** Whether one layer is a panel on cue before the whole of the other: while it is shown, nothing of that one is seen. */
function standsInFor(a: Placed, b: Placed): boolean {
  const hides = (panel: Placed, other: Placed): boolean =>
    panel.layer.shown === 'on-cue' &&
    OPAQUE.has(panel.layer.type) &&
    panel.layer.z > other.layer.z &&
    beyond(other.box, panel.box) === 0;
  return hides(a, b) || hides(b, a);
}

/** Whether two layers are on cue and no line about the product shows both. */
function shownInTurn({ script }: Pick<RoomConfig, 'script'>, product: string | null, a: Layer, b: Layer): boolean {
  if (a.shown !== 'on-cue' || b.shown !== 'on-cue') return false;
  return !script.segments
    .filter((one) => (one.product ?? null) === product)
    .some(({ lines }) => lines.some(({ show = [] }) => show.includes(a.id) && show.includes(b.id)));
}

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
const OVERLAP = { warning: 0.02, fault: 1 / 3 } as const;

interface LintDeps {
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
  for (const [product, captions] of shows)
    for (const shot of shotsOf(room.layers)) await lint.show(product, captions, shot);
  return lint.findings();
}

const MIN_CONTRAST = 3;
const UNREADABLE_CONTRAST = 1.5;
const OUTSIDE_FAULT = 1 / 3;
/** A caption may exceed the layer's `height` by this factor before a warning, since line heights vary. */
const HEIGHT_SLACK = 1.05;

/** Whether texts can be read: whole, inside the safe area, with enough contrast. */
class TextLint {
  private readonly frame: Box;

  constructor(
    { video }: Pick<RoomConfig, 'video'>,
    private readonly canvas: LayoutMaker['canvas'],
    private readonly safe: SafeAreas,
    private readonly findings: LayoutFindings,
  ) {
    this.frame = { x: 0, y: 0, width: video.width, height: video.height };
  }

  /** Letters must be inside the frame and the safe area, and none may be cut off. */
  fits(laid: LaidOut): void {
    const { layer, letters, overflow, caption, offsets } = laid;
    if (overflow !== undefined) {
      this.findings.add('overflow', whereOf(laid), overflow.needed / overflow.room, {
        severity: 'warning',
        expected: `text that fits into ${overflow.room} ${overflow.unit}`,
        found: `${overflow.needed} ${overflow.unit} for "${laid.text.slice(0, 40)}"`,
      });
    }
    const height = layer.height === undefined ? undefined : this.heightOf(layer.height);
    if (caption !== undefined && height !== undefined && laid.box.height > height * HEIGHT_SLACK) {
      this.findings.add('caption-height', whereOf(laid), laid.box.height / height, {
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
        this.findings.add('outside', whereOf(laid), 1000 + lost, {
          severity: lost >= OUTSIDE_FAULT ? 'fault' : 'warning',
          expected: `text inside the frame of ${this.frame.width}×${this.frame.height}`,
          found: `${percent(lost)} of it outside (${placeOf(own)})${named(caption)}`,
          ...turnedOffset(layer),
        });
      } else if (out > 0) {
        this.findings.add('outside', whereOf(laid), out, {
          severity: 'warning',
          expected: `text inside the safe area (${placeOf(this.safe.text)})`,
          found: `${out} px outside of it (${placeOf(own)})${named(caption)}`,
        });
      }
    }
  }

  readable(laid: LaidOut, canvas: StillCanvas): void {
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
    if (layer.type === 'card' && layer.open !== undefined) {
      const { colour, ground, fill } = layer.open;
      const under = ground === 'none' ? {} : { fill };
      paints.push({ what: 'price', paint: { colour: layer.accent, ...under } });
      if (layer.open.terms) paints.push({ what: 'title', paint: { colour, ...under } });
    } else if ('theme' in layer) {
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
    this.findings.add(`contrast ${what}`, whereOf(laid), 21 - ratio, {
      severity: ratio < UNREADABLE_CONTRAST ? 'fault' : 'warning',
      expected: `a contrast of at least ${MIN_CONTRAST} : 1 between ${what} and its background`,
      found: `${ratio.toFixed(1)} : 1${named(laid.caption)}`,
    });
  }

  private heightOf(height: NonNullable<RoomConfig['layers'][number]['height']>): number {
    if (typeof height === 'number') return height;
    const share = Number.parseFloat(height) / 100;
    return Math.round(share * (height.endsWith('vmin') ? this.canvas.shortest : this.frame.height));
  }
}

class LayoutLint {
  private readonly found = new LayoutFindings();
  private readonly maker: LayoutMaker;
  private readonly texts: TextLint;
  private readonly presenter: PresenterLint;
  /** The product being laid out. */
  private product: string | null = null;

  constructor(
    private readonly room: RoomConfig,
    private readonly deps: LintDeps,
    hands: readonly GestureHand[],
  ) {
    this.maker = new LayoutMaker(room, deps);
    const safe = safeAreas(room);
    this.texts = new TextLint(room, this.maker.canvas, safe, this.found);
    this.presenter = new PresenterLint(room, deps.presenter, hands, safe, this.found);
  }

  findings(): CheckFault[] {
    return this.found.all();
  }

  async show(product: string | null, captions: readonly CaptionText[], shot: ShotName): Promise<void> {
    const layers = await this.maker.layers(product, shot);
    const pages: LaidOut[] = [];
    for (const [index, layer] of this.room.layers.entries()) {
      if (layer.type !== 'caption') continue;
      for (const caption of captions) pages.push(...(await this.maker.caption(index, caption, product, shot)));
    }
    // The presenter is large in the first shot; in the others it stands back, or in a window.
    const isFirst = shot === SHOTS[0];
    // In a set of shots the product stands before the hands, on purpose.
    const hands = shotsOf(this.room.layers).length > 1 ? [] : this.presenter.handsOf(product);
    this.product = product;
    for (const hand of hands) this.presenter.handCut(hand);
    const canvas = new StillCanvas(this.room, this.deps.kernels, this.deps.presenter);
    let above = false;
    for (const laid of layers) {
      // Captions have a z-order of their own: those below this layer are judged before it is drawn.
      for (const page of pages) if (!above && page.layer.z < laid.layer.z) this.texts.readable(page, canvas);
      this.texts.readable(laid, canvas);
      this.texts.fits(laid);
      this.label(laid);
      if (laid.layer.type === 'presenter') {
        if (isFirst) this.presenter.size(laid.box);
      } else if (above && isFirst) {
        this.presenter.overFace(laid);
        for (const hand of hands) this.presenter.overHand(laid, hand);
      }
      const own = this.room.layers[laid.index] ?? laid.layer;
      const frame = this.maker.canvas;
      canvas.add(laid, { ...shiftIn(own, shot, frame), window: windowIn(own, shot, frame) });
      if (laid.layer.type === 'presenter') above = true;
    }
    const presenterZ = this.room.layers.find((l) => l.type === 'presenter')?.z ?? 0;
    for (const page of pages) {
      this.texts.readable(page, canvas);
      this.texts.fits(page);
      if (page.layer.z >= presenterZ && isFirst) this.presenter.overFace(page);
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
    this.found.add('label', whereOf({ layer, index }), share, {
      severity: 'fault',
      expected: `the AI label's letters at least ${percent(LABEL_SHARE)} of the shortest side (${Math.ceil(shortest * LABEL_SHARE)} px)`,
      found: `${ink ?? 0} px`,
    });
  }

  private overlap(a: LaidOut, b: LaidOut): void {
    if (a.letters === undefined || b.letters === undefined || a.layer.id === b.layer.id) return;
    if (shownInTurn(this.room, this.product, a.layer, b.layer) || standsInFor(a, b)) return;
    const [x, y] = [bodyOf(a), bodyOf(b)];
    const share = areaOf(meet(x, y)) / Math.min(areaOf(x), areaOf(y));
    if (share <= OVERLAP.warning) return;
    this.found.add(`overlap ${b.layer.id}`, whereOf(a), share, {
      severity: share >= OVERLAP.fault ? 'fault' : 'warning',
      expected: `the ${a.layer.type} clear of the ${b.layer.type} "${b.layer.id}"`,
      found: `${percent(share)} of the smaller one shared (${placeOf(x)} and ${placeOf(y)})${named(a.caption)}`,
    });
  }
}

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
