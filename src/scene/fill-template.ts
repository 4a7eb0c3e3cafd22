import { formatPrice } from '../config/languages/language-table.js';
import type { Product } from '../config/sections/product.js';
import type { RoomConfig } from '../config/room-config.js';

/** True when a text uses a field of the current product. */
export const namesProduct = (text: string): boolean => /\{\{\s*product\./.test(text);

/** Fills in {{product.…}} and {{room.name}}; unknown fields become empty. */
export function fillTemplate(text: string, room: RoomConfig, product: Product | null): string {
  return text.replace(/\{\{\s*([a-z.]+)\s*\}\}/gi, (all, name: string) => {
    switch (name) {
      case 'room.name':
        return room.title === '' ? room.name : room.title;
      case 'product.title':
        return product?.title ?? '';
      case 'product.subtitle':
        return product?.subtitle ?? '';
      case 'product.minimumOrder':
        return product?.minimumOrder ?? '';
      case 'product.price':
        return product === null ? '' : formatPrice(product.price.amount, product.price.currency, room.language);
      default:
        return all;
    }
  });
}
