export type TerminalLanguage = 'en' | 'zh';

/** The language of the terminal's locale (locale(7): LC_ALL, LC_MESSAGES, LANG in this order). */
export function terminalLanguage(env: Readonly<Record<string, string | undefined>>): TerminalLanguage {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh([_.@-]|$)/i.test(locale) ? 'zh' : 'en';
}
