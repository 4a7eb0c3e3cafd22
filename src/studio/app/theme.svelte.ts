export type Theme = 'dark' | 'light' | 'system';
export const THEMES: readonly Theme[] = ['dark', 'light', 'system'];

let theme: Theme = $state('dark');

export const currentTheme = (): Theme => theme;

export function setTheme(next: Theme): void {
  theme = next;
  document.documentElement.dataset['theme'] = next;
  localStorage.setItem('theme', next);
}

/** Dark until something else was chosen: a desk stands in a dark room. */
export function restoreTheme(): void {
  const chosen = localStorage.getItem('theme');
  setTheme(THEMES.find((one) => one === chosen) ?? 'dark');
}
