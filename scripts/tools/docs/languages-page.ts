import { languageTable, scriptOf } from '../../../src/config/languages/language-table.js';
import { drawStars, starsOf } from '../../../src/speech/provider-table.js';

const HEAD = `# Languages

Showroom speaks and writes the languages below. A room chooses one with \`language\`, a line its own with \`language\`; regions are found by
the nearest tag (\`de-AT\` is \`de\`, \`zh-TW\` is \`zh-Hant\`, \`es-MX\` is \`es-419\`). The table is data: \`templates/languages/languages.json\`.
\`engine doctor --languages\` says what this machine has for each, \`--json\` adds examples of prices, pieces and units.

直播间支持下列语言。\`engine doctor --languages\` 显示本机每种语言的内置声音（★ 为预期质量）、可用的云端服务和字体；没有内置声音的语言需要云端服务。

- **Voice.** The stars are those of [voices.md](voices.md): ★ is a synthesiser that is understood and sounds like a robot, ★★ an announcement of
  the 2000s, none a voice that its own listeners hardly understand. A language without an embedded voice needs a service that has it;
  \`voices.md\` shows how to set one. The table's list of Azure's languages follows its published documentation.
- **Letters.** Fonts for Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai, Chinese, Japanese and Korean come with the engine. The others
  need a package beside the engine, such as \`npm install @fontsource-variable/noto-sans-bengali\`, or any font with these letters in
  \`~/.local/share/fonts\`. \`engine check\` finds every text of a room whose letters no font has, and the package that has them.
- **Label and line.** The AI label is that of the language unless the room writes its own. The line opens a show; it makes no claim.
- **Prices and numbers** are written by \`Intl\`. Five languages that it does not know borrow from a neighbour: Aragonese from Spanish, Guarani from
  Spanish of Paraguay, Haitian Creole from French of Haiti, Karakalpak from Uzbek, Papiamento from Dutch of Aruba.
- **Judging.** Every line is judged in every language, but word lists exist for 18 of them (\`templates/rules\`). In Hawaiian and Māori the model of a line's
  sense takes harmless lines for offences: allow them with \`compliance.words\`, or do not sell in them yet.

The names, lines, labels and words for pieces were written without native readers of all these languages; corrections are welcome.

Checked by \`npm run tool -- check-languages\`, which speaks and draws each line: duration, loudness, times of words, glyphs for every letter, direction and shaping.

| tag | language | script | embedded voice | line | AI label | money, pieces |
| --- | --- | --- | --- | --- | --- | --- |
`;

/** Voices of the embedded recorded provider. */
const RECORDED: Readonly<Record<string, string>> = { en: 'heart' };

/** docs/languages.md, from the table. Without figures of Intl, which differ between versions. */
export const languagesPage = (): string =>
  HEAD +
  languageTable()
    .languages.map((row) => {
      const { tag, english, native, voice, fault, services = [], nearest, greeting, label, currency, pieces } = row;
      const { name, direction, font } = scriptOf(row);
      const provider = RECORDED[tag] ?? 'espeak';
      const stars = (provider === 'espeak' ? row.stars : undefined) ?? starsOf(provider);
      const near = nearest === undefined ? '' : `, or \`${nearest}\` to be understood`;
      const spoken =
        voice === null
          ? `none: ${services.join(', ')}${near}`
          : `${provider === 'espeak' ? `\`${voice}\`` : provider} ${drawStars(stars)}${fault === undefined ? '' : `. ${fault.en}`}`;
      const written = `${name}${direction === 'rtl' ? ', right to left' : ''}${font === undefined ? '' : ' (own font)'}`;
      return `| \`${tag}\` | ${english} · ${native} | ${written} | ${spoken} | ${greeting} | ${label} | ${currency}, ${pieces} |\n`;
    })
    .join('');
