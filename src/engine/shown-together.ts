import { judgeAcross, recentText } from '../compliance/text/judge-across.js';
import type { TextJudge } from '../compliance/text/text-judge.js';
import type { Layer } from '../config/layer.js';
import { resolveLength } from '../config/length.js';
import type { Product } from '../config/product.js';
import type { RoomConfig } from '../config/room-config.js';
import type { TextHit } from '../core/verdict.js';
import { fillTemplate } from '../scene/fill-template.js';
import { layerTexts, type ShownText } from './layer-texts.js';

/**
 * Texts that stand on the picture at once are read as one: half a number in each of two layers is a number.
 *
 * The rule: with each product the texts are taken in the order of the file, and as one reads, from the top and from the
 * left; the items of a ticker follow each other, the first behind the last.
 */

export interface TogetherHit {
  /** The text that completes it, and the one before. */
  readonly where: string;
  readonly besides: string;
  readonly hit: TextHit;
}

/** What texts of a room give away together and none does alone. `layers`: those on the picture, default the room file's. */
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
  const inReadingOrder = [...layers].sort((a, b) => {
    const [p, q] = [placeOf(a, room), placeOf(b, room)];
    return p.y - q.y || p.x - q.x;
  });
  const rows: ShownText[][] = [];
  for (const product of room.products.length === 0 ? [null] : room.products) {
    for (const order of [layers, inReadingOrder]) {
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

const isShown = (layer: Layer, product: Product | null): boolean =>
  layer.product === undefined || layer.product === product?.id;

/** A text that is filled in may be of two that are harmless: a template and a product's name. */
function textsWith(layer: Layer, where: string, room: RoomConfig, product: Product | null): ShownText[] {
  if (layer.type === 'ticker' || !isShown(layer, product)) return [];
  if (layer.type !== 'card' || product === null) return filled(layerTexts(layer, where), room, product);
  return filled(
    [product.title, product.subtitle, product.price.unit, product.minimumOrder].map((text) => ({ where, text })),
    room,
    product,
  );
}

/** Each stretch of a template by itself, so that what stands across two of them is seen. */
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

function placeOf(layer: Layer, { video }: RoomConfig): { x: number; y: number } {
  const { width, height } = video;
  const { anchor } = layer;
  const shortest = Math.min(width, height);
  const left = anchor.endsWith('left') ? 0 : anchor.endsWith('right') ? width : width / 2;
  const top = anchor.startsWith('top') ? 0 : anchor.startsWith('bottom') ? height : height / 2;
  return { x: left + resolveLength(layer.x, width, shortest), y: top + resolveLength(layer.y, height, shortest) };
}
