import t from 'tap';
import { languageLines } from '../../src/cli/print-languages.js';
import { languageVoiceLines, providerLines, voiceLines } from '../../src/cli/print-voices.js';
import type { ListedLanguage } from '../../src/check/list-languages.js';
import { listProviders } from '../../src/check/list-voices.js';

const voices = [
  {
    ...{ name: 'th', language: 'th', title: 'Thai', stars: 0, note: '', presenters: ['mei'] },
    fault: { en: 'Barely understandable', zh: '几乎听不懂' },
  },
];

t.test('lists voices in the terminal’s language, with stars and faults', async (t) => {
  t.same(voiceLines(voices, undefined, 'en'), [
    `th            th${' '.repeat(34)}☆☆☆☆☆  Thai: Barely understandable (voice of mei)`,
    '1 voices',
  ]);
  t.match(voiceLines(voices, undefined, 'zh')[0], /Thai：几乎听不懂（mei 的声音）/);
  t.match(voiceLines([], 'km', 'zh'), ['没有会说“km”的声音；engine doctor --voices 列出所有语言']);
});

t.test('lists one line a language, with its best voice', async (t) => {
  const of = (name: string, language: string, stars: number) => ({
    ...{ name, language, title: name, stars, note: '', presenters: [] },
  });
  const many = [of('en-us', 'en-US', 2), of('heart', 'en-US', 4), of('en-gb', 'en-GB', 2), of('th', 'th', 1)];
  const lines = languageVoiceLines(many, 'en');
  t.equal(lines.length, 3);
  t.match(lines[0], /^en +heart +★★★★☆ {2}heart \(\+2: --lang en\)$/);
  t.equal(lines[2], '2 languages, 4 voices');
  t.match(languageVoiceLines(many, 'zh').at(-1), /2 种语言、4 个声音/);
});

t.test('says of every provider in both languages whether it is ready', async (t) => {
  const providers = listProviders({ AZURE_SPEECH_KEY: 'x', PATH: '' });
  for (const language of ['en', 'zh'] as const) {
    const lines = providerLines(providers, language);
    t.equal(lines.length, providers.length + 2);
    t.match(
      lines.find((line) => line.startsWith('✓ azure')),
      language === 'zh' ? /已设置/ : /is set/,
    );
    t.match(
      lines.find((line) => line.startsWith('– openai')),
      /OPENAI_API_KEY/,
    );
  }
  for (const line of providerLines(providers, 'zh').slice(2)) t.match(line, /\p{Script=Han}/u);
});

t.test('lists languages with their voice, service and font', async (t) => {
  const row = {
    ...{ script: 'Khmer', direction: 'ltr', greeting: '', label: '', price: '', pieces: '', weight: '' },
    ...{ tag: 'km', english: 'Khmer', native: 'ខ្មែរ', voice: null, services: ['azure'] },
    font: { found: false, package: '@fontsource-variable/noto-sans-khmer' },
  } as const satisfies ListedLanguage;
  const thai = {
    ...row,
    ...{ tag: 'th', english: 'Thai', native: 'ไทย', services: [], font: { found: true, package: null } },
    ...{ voice: { name: 'th', provider: 'espeak', stars: 0 }, fault: voices[0]!.fault },
  };
  const [khmer, second, sum] = languageLines([row, thai], 'en');
  t.match(
    khmer,
    /^km +Khmer · .*no embedded voice: needs a service \(azure\); no font: npm install @fontsource-variable/,
  );
  t.match(second, /Thai · ไทย.*☆☆☆☆☆ {2}Barely understandable$/);
  t.equal(sum, '2 languages: 1 with an embedded voice, 1 with a font on this machine');
  t.match(languageLines([row, thai], 'zh'), [/高棉语.*没有内置声音/, /泰语.*几乎听不懂/, /共 2 种语言/]);
});
