import { findDrawnCode } from '../../moderation/index.js';
import type { Layer } from '../../config/sections/layer.js';
import type { RoomConfig } from '../../config/room-config.js';
import { fillTemplate } from '../../scene/fill-template.js';

const WORDY = /[\p{L}\p{N}]/u;

/** A text that a viewer reads on the picture, and where it stands in the room file. */
export interface ShownText {
  readonly where: string;
  readonly text: string;
  /** Shown only while this product is presented. */
  readonly product?: string;
}

/** Texts that a layer brings with it; what the product fills in is among `productTexts`. */
export function layerTexts(layer: Layer, where: string): ShownText[] {
  const texts = writtenOn(layer, where);
  const { product } = layer;
  return product === undefined ? texts : texts.map((text) => ({ ...text, product }));
}

function writtenOn(layer: Layer, where: string): ShownText[] {
  switch (layer.type) {
    case 'text':
    case 'bubble':
      return [{ where: `${where}.text`, text: layer.text }];
    case 'label':
      return layer.text === undefined ? [] : [{ where: `${where}.text`, text: layer.text }];
    case 'ticker': {
      const items = layer.items.map((text, i) => ({ where: `${where}.items[${i}]`, text }));
      // Of signs it only parts the items; with letters, or as a part of a drawing, it stands between any two of them.
      const separator = { where: `${where}.separator`, text: layer.separator };
      const isRead = WORDY.test(layer.separator) || findDrawnCode(layer.separator) !== undefined;
      return isRead ? items.flatMap((item) => [item, separator]) : items;
    }
    case 'image':
    case 'sticker':
    case 'shape':
    case 'media':
    case 'card':
    case 'caption':
    case 'presenter':
      return [];
  }
}

export function productTexts(room: RoomConfig): ShownText[] {
  return room.products.flatMap((p, i) =>
    [
      ...(['title', 'subtitle', 'minimumOrder'] as const).map((key) => ({ where: key, text: p[key] })),
      { where: 'price.unit', text: p.price.unit },
    ]
      .filter(({ text }) => text !== '')
      .map(({ where, text }) => ({ where: `products[${i}].${where}`, text })),
  );
}

/** Texts as they are read: a template with each product that may fill it. */
export function filledTexts(texts: readonly ShownText[], room: RoomConfig): ShownText[] {
  return texts.flatMap((shown) => {
    const { text } = shown;
    if (!text.includes('{{')) return [shown];
    const fills = room.products.filter(({ id }) => shown.product === undefined || id === shown.product);
    const products = fills.length === 0 ? [null] : fills;
    const filled = new Set(products.map((product) => fillTemplate(text, room, product)));
    return [...filled].map((one) => ({ ...shown, text: one }));
  });
}

/** What the room is called, on the slate and where a template asks for it. */
const roomName = ({ title, name }: RoomConfig): ShownText =>
  title === '' ? { where: 'name', text: name } : { where: 'title', text: title };

/** Everything a room writes on the picture besides captions, the slate included. */
export const shownTexts = (room: RoomConfig): ShownText[] => [
  roomName(room),
  ...room.layers.flatMap((l, i) => layerTexts(l, `layers[${i}]`)),
  ...productTexts(room),
  ...(room.compliance.slateText === undefined
    ? []
    : [{ where: 'compliance.slateText', text: room.compliance.slateText }]),
];
