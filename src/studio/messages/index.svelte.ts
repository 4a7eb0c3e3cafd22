import en from './en.json';

/** A text's key. Every language has all of them; `en.json` is the list. */
export type Key = keyof typeof en;
type Messages = Record<Key, string>;
export type Language = 'en' | 'zh';
/** Values for `{name}` in a text. Of `{count|line|lines}` the first is taken for one, else the second. */
export type Values = Record<string, string | number>;

export const LANGUAGES: Record<Language, string> = { en: 'English', zh: '中文' };
const LOADERS: Record<Language, () => Promise<Messages>> = {
  en: () => Promise.resolve(en),
  zh: async () => (await import('./zh.json')).default,
};

let messages: Messages = $state.raw(en);
let language: Language = $state('en');

export const currentLanguage = (): Language => language;

/** The language that was chosen on this machine, else the browser's. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem('language');
  if (chosen === 'en' || chosen === 'zh') return chosen;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh' : 'en';
}

export async function setLanguage(next: Language): Promise<void> {
  messages = await LOADERS[next]();
  language = next;
  localStorage.setItem('language', next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
}

export function fill(text: string, values: Values, tag: string): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined && other !== undefined) return Number(value) === 1 ? one : other;
    return typeof value === 'number' ? new Intl.NumberFormat(tag).format(value) : value;
  });
}

/** The text of `key` in the studio's language. */
export function t(key: Key, values: Values = {}): string {
  return fill(messages[key], values, language === 'zh' ? 'zh-CN' : 'en-US');
}

/** The text of a key made at run time (`rights.editor`), or null where there is none. */
export function tMaybe(key: string, values: Values = {}): string | null {
  return Object.hasOwn(messages, key) ? t(key as Key, values) : null;
}

/** What a server says in both languages. */
export function both(text: { readonly en: string; readonly zh: string } | null | undefined): string {
  return text === null || text === undefined ? '' : text[language];
}
