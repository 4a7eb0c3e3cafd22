import { formatPrice, findLanguage, scriptOf, scriptOfLetter } from '../config/languages/language-table.js';
import type { RoomConfig } from '../config/room-config.js';
import type { GlyphSet } from '../scene/fonts/glyph-set.js';
import { filledTexts, shownTexts, type ShownText } from '../admission/texts/layer-texts.js';
import type { CheckFault } from '../admission/check-rights.js';

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
