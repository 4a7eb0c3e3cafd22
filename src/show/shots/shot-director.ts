import { createHash } from 'node:crypto';
import type { RoomConfig } from '../../config/room-config.js';
import { shotsOf } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { ShotName } from '../../config/sections/shots.js';
import { frameIndex, type FrameIndex, millisecondsToFrames } from '../../core/time.js';
import type { LineSlot } from '../line-schedule.js';
import type { RundownLine } from '../rundown.js';

/** What a line gives a reason to show. */
type LineTopic = 'attribute' | 'comparison' | 'price';

/** Single letters name sizes and much else. */
const MIN_NAME_LETTERS = 2;
/** Scripts without spaces: a name is found anywhere. */
const UNSPACED = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

const PRICE_PANELS: ReadonlySet<string> = new Set(['ladder', 'countdown', 'coupon']);

/** The topic of a line by the panels it shows and the listing's own words in it; undefined for none. */
function topicOf(
  { text, layers }: Pick<RundownLine, 'text' | 'layers'>,
  product: Product | undefined,
): LineTopic | undefined {
  if (layers.some(({ layer }) => PRICE_PANELS.has(layer.type))) return 'price';
  const said = text.toLowerCase();
  if (product !== undefined) {
    const names = (values: readonly { readonly name: string }[]): number =>
      values.filter(({ name }) => isNamed(name, said)).length;
    if (product.variants.some(({ values }) => names(values) > 1)) return 'comparison';
  }
  if (layers.some(({ layer }) => layer.type === 'attributes')) return 'attribute';
  if (product === undefined) return undefined;
  const price = String(product.price.amount);
  if (price.length > 2 && said.includes(price)) return 'price';
  return product.attributes.some(({ value }) => isNamed(value, said)) ? 'attribute' : undefined;
}

/** A whole word or phrase of the listing. */
function isNamed(name: string, said: string): boolean {
  const words = name.trim().toLowerCase();
  if (words.length < MIN_NAME_LETTERS) return false;
  if (UNSPACED.test(words)) return said.includes(words);
  const exact = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])`, 'u').test(said);
}

/*
 * Problem: one picture for hours loses viewers, and a cut without a reason is noise.
 *
 * Rule: a cut comes between two lines, never within one, and each has a reason: a new product (always the hero), what
 * the line is about, or the rhythm. A shot stays for its shortest time, except for a new product; a close-up or a
 * comparison goes back to the hero as soon as its reason is over. The same lines in the same frames are cut the same
 * way.
 *
 * Numbers: holds in milliseconds. The hero stays `shots.rhythmSeconds`, a fifth more or less by the seed.
 */
const LEAST_MS = 6000;
const HERO_BEFORE_ATTRIBUTE_MS = 12_000;
const HOLD_MS: Readonly<Record<Exclude<ShotName, 'hero'>, { readonly least: number; readonly most: number }>> = {
  'close-up': { least: LEAST_MS, most: 12_000 },
  'side-by-side': { least: 12_000, most: 20_000 },
};
const RHYTHM_SPREAD = 0.2;
/** Cuts that are remembered. */
const MAX_CUTS = 16;

type CutReason = 'opening' | 'new-product' | 'attribute' | 'comparison' | 'price' | 'question' | 'rhythm' | 'return';

/** A cut as it was decided. */
export interface Cut {
  readonly shot: ShotName;
  readonly atFrame: FrameIndex;
  readonly reason: CutReason;
  /** The line that it comes with. */
  readonly line: string;
}

export interface CutQuestion {
  readonly line: Pick<RundownLine, 'id' | 'kind' | 'text' | 'layers' | 'judgedAs'>;
  readonly slot: Pick<LineSlot, 'startFrame' | 'endFrame' | 'productFrame'>;
  readonly product: Product | undefined;
  /** Something can stand beside the product. */
  readonly hasBeside: boolean;
}

interface Wish {
  readonly shot: ShotName;
  readonly reason: CutReason;
}

/** Decides which shot of its set a room is seen in, line by line. */
export class ShotDirector {
  private readonly shots: readonly ShotName[];
  private cuts: Cut[];
  /** First frame of the product on screen. */
  private productSince = 0;

  constructor(private readonly room: Pick<RoomConfig, 'seed' | 'rate' | 'layers' | 'shots'>) {
    this.shots = shotsOf(room.layers);
    this.cuts = [{ shot: room.shots?.opening ?? 'hero', atFrame: frameIndex(0), reason: 'opening', line: '' }];
  }

  /** The room has more than one shot, and may cut between them. */
  get mayCut(): boolean {
    return this.shots.length > 1 && this.room.shots.cuts;
  }

  /** The shot at a frame. */
  at(frame: number): Cut {
    return this.cuts.findLast(({ atFrame }) => atFrame <= frame) ?? this.cuts[0]!;
  }

  /** The cut that comes with a line, if one does; it counts as made. */
  decide(question: CutQuestion): Cut | undefined {
    if (!this.mayCut) return undefined;
    const { line, slot } = question;
    const now = this.cuts.at(-1)!;
    const isNew = slot.productFrame !== undefined && slot.productFrame > 0;
    if (isNew) this.productSince = slot.productFrame;
    const atFrame = isNew ? slot.productFrame : slot.startFrame;
    const wish = isNew ? ({ shot: 'hero', reason: 'new-product' } as const) : this.wish(question, now);
    if (wish === undefined || wish.shot === now.shot || !this.shots.includes(wish.shot)) return undefined;
    const cut: Cut = { ...wish, atFrame, line: line.id };
    this.cuts.push(cut);
    if (this.cuts.length > MAX_CUTS) this.cuts.shift();
    return cut;
  }

  /** Forgets the cuts from a frame on: their lines do not come. True when there was one. */
  dropFrom(frame: number): boolean {
    const kept = this.cuts.filter(({ atFrame }, i) => i === 0 || atFrame < frame);
    const dropped = kept.length < this.cuts.length;
    this.cuts = kept;
    return dropped;
  }

  private wish({ line, slot, product, hasBeside }: CutQuestion, now: Cut): Wish | undefined {
    const since = now.shot === 'hero' ? Math.max(now.atFrame, this.productSince) : now.atFrame;
    const held = this.ms(slot.startFrame - since);
    if (this.ms(slot.startFrame - now.atFrame) < LEAST_MS) return undefined;
    const topic = topicOf(line, product);
    const asked = line.judgedAs === 'reply';
    const shown: ShotName | undefined =
      topic === 'attribute' ? 'close-up' : topic === 'comparison' && hasBeside ? 'side-by-side' : topic && 'hero';
    if (now.shot === 'hero') {
      if (shown !== undefined && shown !== 'hero' && (asked || held >= HERO_BEFORE_ATTRIBUTE_MS))
        return { shot: shown, reason: asked ? 'question' : topic! };
      return held < this.rhythmMs() ? undefined : { shot: this.other(hasBeside), reason: 'rhythm' };
    }
    const { least, most } = HOLD_MS[now.shot];
    if (topic === 'price' || (asked && shown === undefined))
      return { shot: 'hero', reason: asked ? 'question' : 'price' };
    if (shown === now.shot && this.ms(slot.endFrame - now.atFrame) <= most) return undefined;
    return held < least ? undefined : { shot: 'hero', reason: 'return' };
  }

  /** The shot that the rhythm takes: close-ups and comparisons in turn. */
  private other(hasBeside: boolean): ShotName {
    const last = this.cuts.findLast(({ shot }) => shot !== 'hero')?.shot;
    return hasBeside && last === 'close-up' && this.shots.includes('side-by-side') ? 'side-by-side' : 'close-up';
  }

  private rhythmMs(): number {
    const { seed, shots } = this.room;
    const draw =
      createHash('sha256')
        .update(`${seed} cut ${this.cuts.at(-1)!.atFrame}`)
        .digest()[0]! / 255;
    return shots.rhythmSeconds * 1000 * (1 + RHYTHM_SPREAD * (2 * draw - 1));
  }

  private ms(frames: number): number {
    return (frames * 1000) / millisecondsToFrames(1000, this.room.rate);
  }
}
