import { judgeAcross, recentText, type TextJudge } from '../../moderation/index.js';
import type { Layer } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { TextHit } from '../../core/verdict.js';
import { fillTemplate } from '../../scene/words.js';
import { saleTexts } from '../../scene/sale/sale-texts.js';
import { resolveLength } from '../../config/sections/length.js';
import { layerTexts, type ShownText } from './layer-texts.js';

/** Tops that differ by less than this part of a letter's height form one row. */
const SAME_ROW = 0.7;
/** Row height for layers without letters, such as a card. */
const MIN_ROW_PX = 12;

interface Placed {
  readonly layer: Layer;
  readonly x: number;
  readonly y: number;
  /** Height of its letters. */
  readonly size: number;
}

/**
 * Layers in the possible reading orders: rows from top to bottom, each from the left, and columns from the left, each
 * from the top. A shift by a pixel changes neither.
 */
function readingOrders(layers: readonly Layer[], { video }: Pick<RoomConfig, 'video'>): Layer[][] {
  const placed = layers.map((layer) => placeOf(layer, video));
  return [sorted(placed, 'y', 'x'), sorted(placed, 'x', 'y')].map((order) => order.map(({ layer }) => layer));
}

/** Sorts by `first`, with near-equal values as ties, then by `second`. */
function sorted(placed: readonly Placed[], first: 'x' | 'y', second: 'x' | 'y'): Placed[] {
  const lines: Placed[][] = [];
  for (const one of placed.toSorted((a, b) => a[first] - b[first])) {
    const line = lines.at(-1);
    const reach = Math.max(MIN_ROW_PX, SAME_ROW * Math.min(one.size, line?.[0]?.size ?? 0));
    if (line !== undefined && one[first] - line[0]![first] < reach) line.push(one);
    else lines.push([one]);
  }
  return lines.flatMap((line) => line.toSorted((a, b) => a[second] - b[second]));
}

function placeOf(layer: Layer, { width, height }: RoomConfig['video']): Placed {
  const { anchor } = layer;
  const shortest = Math.min(width, height);
  const left = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? width : width / 2;
  const top = anchor.startsWith('top') ? 0 : anchor.startsWith('bottom') ? height : height / 2;
  return {
    layer,
    x: left + resolveLength(layer.x, width, shortest),
    y: top + resolveLength(layer.y, height, shortest),
    size: 'size' in layer ? resolveLength(layer.size, shortest, shortest) : 0,
  };
}

/**
 * Judges texts on the picture together: viewers join half a number in each of two layers.
 *
 * Rule: for each product the texts are joined in the order of the file and in reading order, by rows and by columns.
 * Ticker items follow each other, with the first after the last.
 */

export interface TogetherHit {
  /** The text that completes the hit, and the one before it. */
  readonly where: string;
  readonly besides: string;
  readonly hit: TextHit;
}

/**
 * Hits that texts of a room complete together, and no text alone. `layers`: those on the picture, default the room
 * file's.
 */
export function togetherHits(
  judge: Pick<TextJudge, 'judge'>,
  room: RoomConfig,
  layers: readonly Layer[] = room.layers,
): TogetherHit[] {
  const found = new Map<string, TogetherHit>();
  for (const row of rowsOf(room, layers)) {
    let before = '';
    let besides = '';
    for (const { where, text } of row) {
      for (const hit of judgeAcross(judge, before, text, room.language)) {
        const key = `${where} ${hit.start} ${hit.end}`;
        if (!found.has(key)) found.set(key, { where, besides, hit });
      }
      before = recentText(before, text);
      besides = where;
    }
  }
  return [...found.values()];
}

function rowsOf(room: RoomConfig, layers: readonly Layer[]): ShownText[][] {
  const whereOf = (layer: Layer): string => {
    const index = room.layers.findIndex((l) => l.id === layer.id);
    return index < 0 ? `layer "${layer.id}"` : `layers[${index}]`;
  };
  const orders = [layers, ...readingOrders(layers, room)];
  const rows: ShownText[][] = [];
  for (const product of room.products.length === 0 ? [null] : room.products) {
    for (const order of orders) {
      rows.push(order.flatMap((layer) => textsWith(layer, whereOf(layer), room, product)));
    }
    for (const layer of layers) {
      if (layer.type !== 'ticker' || !isShown(layer, product)) continue;
      const items = filled(layerTexts(layer, whereOf(layer)), room, product);
      rows.push([...items, ...items]);
    }
  }
  return rows;
}

/** Layers whose texts come from the product as well. */
const SALE_TABLES: ReadonlySet<Layer['type']> = new Set(['coupon', 'attributes', 'ladder']);

const isShown = (layer: Layer, product: Product | null): boolean =>
  layer.product === undefined || layer.product === product?.id;

/** A filled text may join two harmless ones: a template and a product's name. */
function textsWith(layer: Layer, where: string, room: RoomConfig, product: Product | null): ShownText[] {
  if (layer.type === 'ticker' || !isShown(layer, product)) return [];
  if (SALE_TABLES.has(layer.type))
    return filled(
      saleTexts(layer, room, product).map((text) => ({ where, text })),
      room,
      product,
    );
  if (layer.type !== 'card' || product === null) return filled(layerTexts(layer, where), room, product);
  return filled(
    [product.title, product.subtitle, product.price.unit, product.minimumOrder].map((text) => ({ where, text })),
    room,
    product,
  );
}

/** The parts of a template as separate texts, so that a hit across two parts is detected. */
function filled(texts: readonly ShownText[], room: RoomConfig, product: Product | null): ShownText[] {
  return texts.flatMap(({ where, text }) =>
    text
      .split(/(\{\{[^{}]*\}\})/)
      .map((part) => ({
        where: part.startsWith('{{') ? `${where} ${part}` : where,
        text: fillTemplate(part, room, product).trim(),
      }))
      .filter((part) => part.text !== ''),
  );
}

/** How long a viewer remembers a removed text. */
const MINDED_MS = 60_000;
/** Maximum remembered texts; the oldest are dropped. */
const MAX = 20;
/** Maximum relative change at which a changed number counts as a counter. */
const COUNTER_STEP = 0.1;

/**
 * Texts of layers that were removed or replaced on air: viewers join half a number and the half that replaces it.
 *
 * A counter (viewers, items left, seconds) changes all the time and is not remembered.
 */
export class RemovedTexts {
  private texts: (ShownText & { readonly atMs: number })[] = [];

  constructor(
    private readonly judge: Pick<TextJudge, 'judge'>,
    private readonly nowMs: () => number,
  ) {}

  /** Adds texts that have left the picture. */
  add(texts: readonly ShownText[]): void {
    // A layer that comes and goes with lines must not push out the others.
    this.texts = this.texts.filter((known) => !texts.some(({ text }) => text === known.text));
    for (const text of texts) this.texts.push({ ...text, atMs: this.nowMs() });
    this.texts.splice(0, Math.max(0, this.texts.length - MAX));
  }

  /** Hits that new texts complete together with removed or replaced ones. */
  hits(texts: readonly ShownText[], language: string, replaced: readonly ShownText[] = []): TogetherHit[] {
    const since = this.nowMs() - MINDED_MS;
    const minded: ShownText[] = [...this.texts.filter(({ atMs }) => atMs >= since), ...replaced];
    const found: TogetherHit[] = [];
    for (const { where, text } of texts) {
      const gone = minded.filter((one) => !isCounter(one.text, text));
      const before = gone.reduce((sum, one) => recentText(sum, one.text), '');
      const besides = `${gone.at(-1)?.where ?? ''}, as it was`;
      for (const hit of judgeAcross(this.judge, before, text, language)) found.push({ where, besides, hit });
    }
    return found;
  }
}

const FIGURE = /\d+(?:[.,]\d+)*/g;
const figures = (text: string): number[] => (text.match(FIGURE) ?? []).map((f) => Number(f.replaceAll(',', '')));

function isCounter(before: string, now: string): boolean {
  if (before.replace(FIGURE, '#') !== now.replace(FIGURE, '#')) return false;
  const [old, next] = [figures(before), figures(now)];
  return old.every((n, i) => Math.abs(n - next[i]!) <= Math.max(10, COUNTER_STEP * Math.abs(n)));
}
