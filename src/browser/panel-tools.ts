import { extensionStore, fetchHttp } from './extension-parts.js';
import { pairedRoom } from './product/engine-api.js';
import { readSettings } from './settings.js';
import type { FromPanel, ProductState } from './tab-messages.js';

const $ = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const word = (name: string, ...parts: string[]): string => chrome.i18n.getMessage(name, parts);
/** Errors that the panel has words for; others are the engine's own sentence. */
const KNOWN = new Set(['away', 'wrongToken', 'noPage']);
const inWords = (error: string): string => word(KNOWN.has(error) ? `${error}Why` : 'failed', error);

function say(note: HTMLElement, text: string, bad: boolean): void {
  note.textContent = text;
  note.classList.toggle('bad', bad);
}

/** The panel's buttons that act on a tab: send its product, read its comments. */
export function showTools(findTab: () => Promise<chrome.tabs.Tab | undefined>): { look(): Promise<void> } {
  const [send, read, stop] = [
    $<HTMLButtonElement>('send-product'),
    $<HTMLButtonElement>('read-comments'),
    $('stop-comments'),
  ];
  const [productNote, commentsNote, paired] = [$('product-note'), $('comments-note'), $('paired')];
  let host = '';

  const showProduct = ({ phase, title, file, warnings, error }: ProductState): void => {
    const text =
      phase === 'failed'
        ? inWords(error)
        : phase === 'saved'
          ? word('productSaved', title, file) + (warnings === 0 ? '' : ` ${word('productWarnings', String(warnings))}`)
          : word(phase === 'saving' ? 'productSaving' : 'productReading', title);
    say(productNote, text, phase === 'failed');
  };

  const showReading = async (): Promise<void> => {
    const places = (await extensionStore.get('readers'))?.[host];
    const state = (await extensionStore.get('reading'))?.[host];
    stop.hidden = places === undefined;
    if (places === undefined) return say(commentsNote, '', false);
    const error = state?.error ?? '';
    say(commentsNote, error === '' ? word('reading', String(state?.sent ?? 0)) : inWords(error), error !== '');
  };

  const ask = async (kind: FromPanel['kind'], note: HTMLElement): Promise<void> => {
    const tab = await findTab();
    if (tab?.id === undefined) return say(note, word('noPageWhy'), true);
    const error = (await chrome.runtime.sendMessage({ kind, tab: tab.id } satisfies FromPanel)) as string;
    if (error !== '') say(note, inWords(error), true);
  };

  send.addEventListener('click', () => void ask('send-product', productNote));
  read.addEventListener('click', () => {
    // Both during the click: the browser's question takes the focus, and a popup that loses it closes. Reading works
    // without the permission, until the page is loaded again.
    const own = host === '' || /^(?:127\.0\.0\.1|localhost)(?::|$)/.test(host);
    const origins = [`*://${host.replace(/:\d+$/, '')}/*`];
    if (!own) chrome.permissions.request({ origins }).catch(() => false);
    void ask('pick-comments', commentsNote);
  });
  stop.addEventListener('click', () => {
    void (async () => {
      const { [host]: _gone, ...others } = (await extensionStore.get('readers')) ?? {};
      await extensionStore.set('readers', others);
    })();
  });
  chrome.storage.onChanged.addListener((changes) => {
    const state = (changes['product'] as { newValue?: ProductState } | undefined)?.newValue;
    if (state !== undefined) showProduct(state);
    if ('reading' in changes || 'readers' in changes) void showReading();
  });

  return {
    async look() {
      const tab = await findTab();
      host = tab?.url !== undefined && /^https?:/.test(tab.url) ? new URL(tab.url).host : '';
      send.disabled = read.disabled = host === '';
      const { endpoint, token } = await readSettings(extensionStore);
      const room = token === '' ? undefined : await pairedRoom(fetchHttp, { url: endpoint, token });
      const text =
        room === undefined ? word('notPaired') : room.ok ? word('pairedWith', room.value) : inWords(room.error);
      say(paired, text, room?.ok === false);
      await showReading();
    },
  };
}
