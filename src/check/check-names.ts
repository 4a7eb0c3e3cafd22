import type { RoomConfig } from '../config/room-config.js';
import { wordingsOf } from '../config/sections/script.js';
import { listingLanguage } from '../writer/listing-language.js';
import { namesProduct } from '../writer/spoken-name.js';
import { baseLanguage } from '../moderation/index.js';
import type { CheckFault } from '../admission/check-fault.js';

/** A segment of fewer lines may be a bridge or a remark. */
const MIN_LINES = 3;

/** Segments that present a product and never say what it is: viewers who come in later do not know what is sold. */
export function checkNames(room: RoomConfig): CheckFault[] {
  const roomLanguage = baseLanguage(room.language);
  return room.script.segments.flatMap(({ product: id, lines }, i) => {
    const product = room.products.find((one) => one.id === id);
    if (product === undefined) return [];
    const listing = listingLanguage(product, roomLanguage);
    const languageOf = (line: { readonly language?: string | undefined }): string =>
      baseLanguage(line.language ?? room.language);
    return [...new Set(lines.map(languageOf))].flatMap((language) => {
      const said = lines.filter((line) => languageOf(line) === language);
      const names = said.some((line) =>
        wordingsOf(line).some((text) => namesProduct(text, product, language, listing)),
      );
      if (said.length < MIN_LINES || names) return [];
      return [
        {
          severity: 'fault' as const,
          where: `script.segments[${i}]`,
          expected: `a line in "${language}" that says what "${product.id}" is`,
          found: `${said.length} lines, none of which names it`,
          todo: `name it in a line, or give products "${product.id}" a name.${language} and run engine script`,
        },
      ];
    });
  });
}
