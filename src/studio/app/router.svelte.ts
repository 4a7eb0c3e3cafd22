import type { Component } from 'svelte';
import { SvelteURLSearchParams } from 'svelte/reactivity';

export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}
export interface Route {
  /** `/rooms/:room/desk`; a part with a colon is a parameter. */
  readonly path: string;
  readonly name: string;
  readonly load: () => Promise<{ readonly default: Component<PageProps> | Component<Record<string, never>> }>;
  /** Pages before sign-in have no top bar. */
  readonly bare?: boolean;
  /** Opens without an account. */
  readonly open?: boolean;
}

let path = $state(location.pathname);
let hash = $state(location.hash.slice(1));
const search = new SvelteURLSearchParams(location.search);

/** Where the browser is. Reading it in a component follows it. */
export const here = {
  get path(): string {
    return path;
  },
  get hash(): string {
    return hash;
  },
  get query(): URLSearchParams {
    return search;
  },
};

function read(): void {
  path = location.pathname;
  hash = location.hash.slice(1);
  for (const key of Array.from(search.keys())) search.delete(key);
  for (const [key, value] of new URLSearchParams(location.search)) search.append(key, value);
}

export function go(to: string, options: { readonly replace?: boolean } = {}): void {
  const url = new URL(to, location.href);
  if (url.href === location.href) return;
  const moved = url.pathname !== location.pathname;
  history[options.replace === true ? 'replaceState' : 'pushState'](null, '', url);
  read();
  if (moved && url.hash === '') scrollTo(0, 0);
}

/** Sets or (null) removes keys of the address without a step in the history: filters, the chosen item. */
export function setQuery(changes: Readonly<Record<string, string | null>>): void {
  const next = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  const text = next.toString();
  go(`${location.pathname}${text === '' ? '' : `?${text}`}${location.hash}`, { replace: true });
}

/** Follows links of this origin without loading the page again. Called once. */
export function followLinks(): void {
  addEventListener('popstate', read);
  addEventListener('hashchange', read);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
    // What another server page answers: downloads, the docs, the engine's own pages.
    if (/^\/(api|docs)\/|^\/(camera|api-docs)\b/.test(link.pathname)) return;
    event.preventDefault();
    go(link.href);
  });
}
