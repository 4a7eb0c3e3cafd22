import type { ProductChange, ProductsHandle, ProductState } from '../../../src/config/api/products-handle.js';
import { EngineError } from '../../../src/core/errors.js';

/** Records edits; knows every product but the mug. */
export function fakeProducts(calls: string[]): ProductsHandle {
  let pinned: string | null = null;
  const state = (id: string): ProductState => ({
    id,
    product: {
      ...{ id, title: 'Insulated Steel Bottle', image: 'bottle.png', minimumOrder: '500 pieces', stock: 'on-sale' },
      price: { amount: 4.8, currency: 'USD', unit: 'piece' },
    },
    shown: true,
    pinned: pinned === id,
    segments: 1,
  });
  const known = (id: string): string => {
    if (id === 'mug') throw new EngineError('E_NOT_FOUND', { where: 'products', found: `"${id}"` });
    return id;
  };
  const change = (what: string, id: string, body?: unknown): Promise<ProductChange> => {
    calls.push(`${what} product ${id} ${JSON.stringify(body)}`);
    return Promise.resolve({ ...state(id), atFrame: 7, breaks: [] });
  };
  return {
    list: () => ({ shown: 'bottle', pinned, products: [state('bottle')] }),
    get: (id) => state(known(id)),
    add: async (body) => change('add', String((body as { id?: string }).id), body),
    put: async (id, body) => change('put', id, body),
    patch: async (id, body) => change('patch', known(id), body),
    remove: async (id) => void calls.push(`remove product ${known(id)}`),
    pin: async (id) => {
      pinned = id;
      calls.push(`pin ${id}`);
      return { pinned, shown: 'bottle', atFrame: 7, segments: 1 };
    },
  };
}
