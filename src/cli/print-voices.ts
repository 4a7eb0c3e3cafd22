import type { ListedProvider, ListedVoice } from '../check/list-voices.js';
import { drawStars } from '../speech/provider-table.js';
import type { TerminalLanguage } from './terminal/terminal-language.js';

/** Chinese for the providers' titles and languages; English is in their own table. */
const CHINESE: Readonly<Record<string, readonly [title: string, languages: string]>> = {
  espeak: ['eSpeak NG，内置', '98 种以上'],
  heart: ['Heart 及其音色，内置', '英语'],
  kokoro: ['Kokoro，用 engine model install kokoro 安装', '中文等 12 种'],
  piper: ['本机 Piper 模型', '每个模型一种'],
  sherpa: ['本机 sherpa-onnx 模型', '每个模型一到两种'],
  openai: ['OpenAI 或同协议的服务', '约 50 种'],
  azure: ['Azure 语音', '约 140 种'],
  cosyvoice: ['阿里云 CosyVoice', '中文、英语等'],
  elevenlabs: ['ElevenLabs', '约 30 种'],
  volcengine: ['火山引擎豆包', '中文、英语等'],
  minimax: ['MiniMax', '约 40 种'],
};

const FOUND_ZH: Readonly<Record<ListedProvider['state'], (p: ListedProvider) => string>> = {
  ready: ({ variable }) => (variable === undefined ? '可用' : `${variable} 已设置`),
  'key-missing': ({ variable }) => `请设置 ${variable}`,
  'needs-model': () => '请在 presenter.voice.model 中指定自己的模型',
  'needs-install': ({ id }) => `请运行 engine model install ${id}`,
};

const SENTENCES = {
  en: {
    none: (tag: string) => `no voice speaks "${tag}"; engine doctor --voices lists all languages`,
    count: (n: number) => `${n} voices`,
    more: (n: number, tag: string) => ` (+${n}: --lang ${tag})`,
    languages: (n: number, all: number) => `${n} languages, ${all} voices`,
    providers: 'providers for presenter.voice (stars: what to expect, 1–5; docs/voices.md)',
    users: (names: string) => ` (voice of ${names})`,
  },
  zh: {
    none: (tag: string) => `没有会说“${tag}”的声音；engine doctor --voices 列出所有语言`,
    count: (n: number) => `共 ${n} 个声音`,
    more: (n: number, tag: string) => `（另有 ${n} 个：--lang ${tag}）`,
    languages: (n: number, all: number) => `共 ${n} 种语言、${all} 个声音`,
    providers: 'presenter.voice 可用的服务（★ 为预期质量 1–5，见 docs/voices.md）',
    users: (names: string) => `（${names} 的声音）`,
  },
} as const;

/** One line a language, with its best voice; `--lang` lists the voices of one. */
export function languageVoiceLines(voices: readonly ListedVoice[], language: TerminalLanguage): string[] {
  const say = SENTENCES[language];
  const languages = new Map<string, ListedVoice[]>();
  for (const one of voices) {
    const base = one.language.split('-')[0]!;
    languages.set(base, [...(languages.get(base) ?? []), one]);
  }
  const lines = [...languages].map(([spoken, own]) => {
    const best = own.reduce((a, b) => (b.stars > a.stars ? b : a));
    const { name, stars, title, fault } = best;
    const note = fault === undefined ? title : `${title}${language === 'zh' ? '：' : ': '}${fault[language]}`;
    return `${spoken.padEnd(8)}${name.padEnd(28)}${drawStars(stars)}  ${note}${own.length > 1 ? say.more(own.length - 1, spoken) : ''}`;
  });
  return [...lines, say.languages(languages.size, voices.length)];
}

export function voiceLines(
  voices: readonly ListedVoice[],
  tag: string | undefined,
  language: TerminalLanguage,
): string[] {
  const say = SENTENCES[language];
  const lines = voices.map(({ language: spoken, name, stars, title, fault, presenters }) => {
    const note = fault === undefined ? title : `${title}${language === 'zh' ? '：' : ': '}${fault[language]}`;
    const users = presenters.length === 0 ? '' : say.users(presenters.join(', '));
    return `${spoken.padEnd(14)}${name.padEnd(36)}${drawStars(stars)}  ${note}${users}`;
  });
  return [...lines, voices.length === 0 ? say.none(tag ?? '') : say.count(voices.length)];
}

export function providerLines(providers: readonly ListedProvider[], language: TerminalLanguage): string[] {
  const lines = providers.map((one) => {
    const { id, state, stars } = one;
    const [title, languages] =
      language === 'zh' ? (CHINESE[id] ?? [one.title, one.languages]) : [one.title, one.languages];
    const found = language === 'zh' ? FOUND_ZH[state](one) : one.found;
    const text = language === 'zh' ? `${title}：${languages}；${found}` : `${title}: ${languages}; ${found}`;
    return `${state === 'ready' ? '✓' : '–'} ${id.padEnd(12)}${drawStars(stars)}  ${text}`;
  });
  return ['', SENTENCES[language].providers, ...lines];
}
