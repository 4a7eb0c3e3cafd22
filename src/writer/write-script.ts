import type { Layer } from '../config/sections/layer.js';
import type { Product } from '../config/sections/product.js';
import type { Segment } from '../config/sections/script.js';
import { EngineError } from '../core/errors.js';
import { baseLanguage, recentText, type TextJudge } from '../moderation/index.js';
import {
  draftFrame,
  type DraftLine,
  draftProduct,
  type DraftSegment,
  type DraftTools,
  fitSeconds,
  type LeftOut,
  Rotation,
  segmentSeconds,
  WordingJudge,
} from './draft.js';
import { KnownWords } from './spoken-values.js';
import { listingLanguage } from './listing-language.js';
import { sentencePlans, type SentencePlans, type SentencePlan, type Style } from './plan-schema.js';

/** Layers that a line may show. */
const MAX_SHOWN = 10;

/**
 * Ids of the on-cue layers that belong to a line: the ladder to prices by quantity, the table to attributes, a variant's picture to
 * the choices, coupon and countdown to the price and to how to order.
 */
function layerCues(
  { about }: Pick<DraftLine, 'about'>,
  product: Product | undefined,
  layers: readonly Layer[],
): readonly string[] {
  if (product === undefined) return [];
  return layers
    .filter((layer) => layer.shown === 'on-cue' && (layer.product ?? product.id) === product.id)
    .filter((layer) => belongs(layer, about, product))
    .map(({ id }) => id)
    .slice(0, MAX_SHOWN);
}

function belongs(layer: Layer, about: string, product: Product): boolean {
  const { type } = layer;
  if (type === 'ladder') return about === 'price ladder' && product.priceLadder.length > 0;
  if (type === 'attributes') return about.startsWith('attribute: ') && product.attributes.length > 0;
  if (type === 'coupon' || type === 'countdown') return about === 'price' || about === 'order';
  if (type !== 'image') return false;
  return product.variants.some(
    ({ name, values }) => about === `variants: ${name}` && values.some(({ image }) => image === layer.src),
  );
}

/** Replaces the plain wordings of a segment by better ones; it keeps those for which it has none. */
export type ImproveSegment = (segment: DraftSegment, judge: WordingJudge) => Promise<void>;

export interface WriteOptions {
  readonly products: readonly Product[];
  /** BCP-47 languages of the show, the first one first. */
  readonly languages: readonly string[];
  /** Language of the room: lines in it name none. */
  readonly roomLanguage: string;
  readonly minutes: number;
  readonly style: Style;
  readonly judge: TextJudge;
  /** Wordings of a line, with the first. */
  readonly maxWordings?: number;
  readonly gapMs?: number;
  readonly plans?: SentencePlans;
  readonly improve?: ImproveSegment;
  /** Layers of the room: lines show those with `shown: "on-cue"` that belong to them. */
  readonly layers?: readonly Layer[];
}

export interface WrittenScript {
  readonly segments: readonly Segment[];
  readonly seconds: number;
  readonly lines: number;
  readonly wordings: number;
  readonly leftOut: readonly LeftOut[];
}

/** As many as a line of the room file holds: a day's show repeats itself the less. */
const DEFAULT_WORDINGS = 20;
const MAX_WORDINGS = 20;
const GAP_MS = 450;

/** A script from listings: greeting, a segment a product and language, good-bye. Throws E_TEXT_REFUSED where no line is clean. */
export async function writeScript(options: WriteOptions): Promise<WrittenScript> {
  const { products, minutes, gapMs = GAP_MS, improve, roomLanguage, layers = [] } = options;
  const plans = options.plans ?? sentencePlans();
  const shown = options.languages.map((tag) => planOf(plans, tag));
  const leftOut: LeftOut[] = [];
  const judge = new WordingJudge(options.judge, products);
  const tools: DraftTools = {
    known: new KnownWords(plans),
    judge,
    rotation: new Rotation(),
    style: options.style,
    maxWordings: Math.min(MAX_WORDINGS, options.maxWordings ?? DEFAULT_WORDINGS),
    leftOut: (line) => leftOut.push(line),
  };
  const written = products.map((product) => listingLanguage(product, baseLanguage(roomLanguage)));
  const greeting = shown.map((plan) => draftFrame('welcome', plan, tools));
  const presented = products.flatMap((product, i) =>
    shown.map((plan) =>
      draftProduct(
        {
          product,
          plan,
          listingLanguage: written[i]!,
          others: products.filter((p) => p !== product),
          next: products[i + 1],
          nextLanguage: written[i + 1] ?? '',
          place: i,
        },
        tools,
      ),
    ),
  );
  const closing = shown.map((plan) => draftFrame('goodbye', plan, tools));
  const framed = [...greeting, ...closing].reduce((sum, one) => sum + segmentSeconds(one, gapMs), 0);
  const each = (minutes * 60 - framed) / Math.max(1, presented.length);
  for (const segment of presented) fitSeconds(segment, each, gapMs);
  const drafts = [...greeting, ...presented, ...closing].filter(({ lines }) => lines.length > 0);
  if (improve !== undefined) for (const segment of drafts) await improve(segment, judge);
  dropAcross(drafts, judge);
  const kept = drafts.filter(({ lines }) => lines.length > 0);
  if (kept.length === 0)
    throw new EngineError('E_TEXT_REFUSED', {
      where: 'script',
      expected: 'a line that keeps the rules',
      found: leftOut[0] === undefined ? 'no line' : `${leftOut[0].found} in all of them`,
      todo: "look at the products' titles and at the room's compliance.words",
    });
  return {
    segments: kept.map((segment) => toSegment(segment, roomLanguage, layers)),
    seconds: kept.reduce((sum, one) => sum + segmentSeconds(one, gapMs), 0),
    lines: kept.reduce((sum, { lines }) => sum + lines.length, 0),
    wordings: kept.reduce((sum, { lines }) => sum + lines.reduce((n, one) => n + one.wordings.length, 0), 0),
    leftOut,
  };
}

/** Throws E_BAD_REQUEST for a language without sentences. */
export function planOf(plans: SentencePlans, tag: string): SentencePlan {
  const plan = plans.get(baseLanguage(tag));
  if (plan !== undefined) return plan;
  throw new EngineError('E_BAD_REQUEST', {
    where: '--lang',
    expected: `languages of ${[...plans.keys()].join(', ')}`,
    found: `"${tag}"`,
    todo: 'templates/writer/README.md says how to add one',
  });
}

/**
 * Takes out wordings that complete a contact with the words before them, as `engine check` and the show look at it: behind the first
 * wordings of the lines before, and in each round after the others of that round.
 */
function dropAcross(segments: readonly DraftSegment[], judge: WordingJudge): void {
  const lines = segments.flatMap((s) => s.lines.map((one) => ({ one, language: s.language })));
  const rounds = Math.max(0, ...lines.map(({ one }) => one.wordings.length));
  for (let round = 0; round < rounds; round += 1) {
    let said = '';
    for (const { one, language } of lines) {
      const text = one.wordings[round % Math.max(1, one.wordings.length)];
      if (text === undefined) continue;
      if (judge.completes(said, { text, language })) one.wordings = one.wordings.filter((w) => w !== text);
      else said = recentText(said, text);
    }
  }
  for (const segment of segments) segment.lines = segment.lines.filter(({ wordings }) => wordings.length > 0);
}

function toSegment(
  { product, language, lines }: DraftSegment,
  roomLanguage: string,
  layers: readonly Layer[],
): Segment {
  const other = language === baseLanguage(roomLanguage) ? {} : { language };
  return {
    ...(product === undefined ? {} : { product: product.id }),
    lines: lines.map((line) => {
      const [text, ...variants] = line.wordings;
      const show = layerCues(line, product, layers);
      const cues = show.length === 0 ? {} : { show: [...show] };
      return { text: text!, variants, ...other, gesture: line.gesture, ...cues };
    }),
  };
}
