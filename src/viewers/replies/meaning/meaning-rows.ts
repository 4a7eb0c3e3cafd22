import { type ExampleRow, exampleRows, meaningTables } from '../../../meaning/index.js';
import { replyPacks } from '../comments/load-reply-packs.js';
import type { Intent } from '../comments/reply-pack-schema.js';

/** The meaning of each intent of the reply packs; `size` and `variants` cover several attributes, so their words teach none. */
export const MEANING_OF_INTENT: Readonly<Record<Intent, string | undefined>> = {
  ai: 'ai',
  who: 'who',
  warranty: 'warranty',
  sample: 'sample',
  customisation: 'logo',
  certificate: 'certificate',
  moq: 'minimum-order',
  packing: 'packing',
  leadTime: 'lead-time',
  shipping: 'shipping',
  material: 'material',
  size: undefined,
  variants: undefined,
  link: 'link',
  stock: 'stock',
  price: 'price',
};

/** The intent of a meaning, for the sentences of the reply packs. */
export const INTENT_OF_MEANING: Readonly<Record<string, Intent>> = {
  discount: 'price',
  colour: 'variants',
  ...Object.fromEntries(
    Object.entries(MEANING_OF_INTENT).flatMap(([intent, meaning]) =>
      meaning === undefined ? [] : [[meaning, intent]],
    ),
  ),
} as Record<string, Intent>;

/** The examples of the meaning tables, and the questions of the reply packs that ask by themselves. */
export function meaningRows(): ExampleRow[] {
  const tables = meaningTables();
  const own = exampleRows(tables);
  const seen = new Set(own.map(({ language, text }) => `${language} ${text}`));
  const more: ExampleRow[] = [];
  for (const [language, { intents }] of replyPacks()) {
    for (const [intent, { strong }] of Object.entries(intents)) {
      const label = MEANING_OF_INTENT[intent as Intent];
      if (label === undefined) continue;
      for (const term of strong) {
        const text = term.replaceAll('+', ' ').replaceAll('*', '');
        if (!seen.has(`${language} ${text}`)) more.push({ label, language, text });
      }
    }
  }
  return exampleRows(tables, more);
}
