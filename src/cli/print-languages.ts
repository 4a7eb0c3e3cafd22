import type { ListedLanguage } from '../check/list-languages.js';
import { drawStars } from '../speech/provider-table.js';
import { displayWidth } from './terminal/display-width.js';
import type { TerminalLanguage } from './terminal/terminal-language.js';

interface Sentences {
  readonly unspoken: (services: string) => string;
  readonly nearest: (tag: string) => string;
  readonly noFont: (npm: string) => string;
  readonly sum: (all: number, spoken: number, drawn: number) => string;
}

const SENTENCES: Readonly<Record<TerminalLanguage, Sentences>> = {
  en: {
    unspoken: (services) => `no embedded voice: needs a service (${services})`,
    nearest: (tag) => `; the voice of "${tag}" can be understood`,
    noFont: (npm) => `no font: npm install ${npm}`,
    sum: (all, spoken, drawn) =>
      `${all} languages: ${spoken} with an embedded voice, ${drawn} with a font on this machine`,
  },
  zh: {
    unspoken: (services) => `没有内置声音：需要云端服务（${services}）`,
    nearest: (tag) => `；“${tag}”的声音勉强可以听懂`,
    noFont: (npm) => `没有字体：npm install ${npm}`,
    sum: (all, spoken, drawn) => `共 ${all} 种语言：${spoken} 种有内置声音，${drawn} 种本机有字体`,
  },
};

const MAX_VOICE_WIDTH = 12;

/** One line a language: tag, names, embedded voice with stars, and anything that is missing or wrong. */
export function languageLines(languages: readonly ListedLanguage[], language: TerminalLanguage): string[] {
  const say = SENTENCES[language];
  const names = new Intl.DisplayNames([language], { type: 'language', fallback: 'none' });
  const lines = languages.map((one) => {
    const { tag, english, native, voice, services, nearest, fault, font } = one;
    const name = language === 'en' ? english : (names.of(tag) ?? english);
    const notes = [
      voice === null ? say.unspoken(services.join(', ')) + (nearest === undefined ? '' : say.nearest(nearest)) : '',
      fault?.[language] ?? '',
      font.found ? '' : say.noFont(font.package ?? 'noto-sans'),
    ].filter((note) => note !== '');
    const spoken = pad(voice?.name ?? '–', MAX_VOICE_WIDTH) + drawStars(voice?.stars ?? 0);
    return `${tag.padEnd(9)}${pad(`${name} · ${native}`, 46)}${spoken}  ${notes.join('; ')}`.trimEnd();
  });
  const spoken = languages.filter(({ voice }) => voice !== null).length;
  const drawn = languages.filter(({ font }) => font.found).length;
  return [...lines, say.sum(languages.length, spoken, drawn)];
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(1, width - displayWidth(text)));
