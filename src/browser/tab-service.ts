import { capturePage, MAX_CAPTURE_CHARS, type CapturedPage } from './product/capture-page.js';
import { sendComments, sendProduct } from './product/engine-api.js';
import { extensionStore, fetchHttp } from './extension-parts.js';
import { readSettings } from './settings.js';
import type { FromPanel, FromReader, PanelReply, ProductState, ReadingState, ToTab } from './tab-messages.js';

/** Batches that one page may hand over a second. */
const MAX_EVENTS = 100;
const MAX_READERS = 50;

/** Acts on tabs for the panel and for the parts that read comments. Pages cannot reach it: only the extension's own parts can. */
export async function answerPanel({ kind, tab }: FromPanel): Promise<PanelReply> {
  if (kind === 'pick-comments') {
    await chrome.scripting.executeScript({ target: { tabId: tab, allFrames: true }, files: ['comments.js'] });
    await chrome.tabs.sendMessage(tab, { kind: 'pick' } satisfies ToTab);
    return '';
  }
  const [found] = await chrome.scripting.executeScript({
    target: { tabId: tab },
    world: 'MAIN',
    func: capturePage,
    args: [MAX_CAPTURE_CHARS],
  });
  const page = found?.result as CapturedPage | undefined;
  if (page === undefined || !/^https?:/.test(page.url)) return 'noPage';
  return handOver(page);
}

async function handOver(page: CapturedPage): Promise<PanelReply> {
  const { endpoint, token } = await readSettings(extensionStore);
  const at = { url: endpoint, token };
  let state: ProductState = { phase: 'reading', title: '', file: '', warnings: 0, error: '' };
  const tell = (change: Partial<ProductState>): Promise<void> =>
    extensionStore.set('product', (state = { ...state, ...change }));
  await tell({});
  const read = await sendProduct(fetchHttp, at, page, false);
  if (!read.ok) {
    await tell({ phase: 'failed', error: read.error });
    return read.error;
  }
  await tell({ ...read.value, phase: 'saving' });
  const saved = await sendProduct(fetchHttp, at, page, true);
  await tell(saved.ok ? { ...saved.value, phase: 'saved' } : { phase: 'failed', error: saved.error });
  return saved.ok ? '' : saved.error;
}

/** `origin` is the page's, as the browser reports it. */
export async function answerReader(message: FromReader, origin: string): Promise<boolean> {
  if (!URL.canParse(origin)) return false;
  const site = new URL(origin).host;
  if (message.kind === 'picked') {
    const readers = (await extensionStore.get('readers')) ?? {};
    const kept = [...Object.entries(readers).filter(([host]) => host !== site), [site, message.places] as const];
    await extensionStore.set('readers', Object.fromEntries(kept.slice(-MAX_READERS)));
    return true;
  }
  const { endpoint, token } = await readSettings(extensionStore);
  const events = message.events.slice(0, MAX_EVENTS);
  const answer = await sendComments(fetchHttp, { url: endpoint, token }, site, events);
  const states = (await extensionStore.get('reading')) ?? {};
  const sent = (states[site]?.sent ?? 0) + (answer.ok ? events.length : 0);
  const state: ReadingState = { sent, error: answer.ok ? '' : answer.error };
  await extensionStore.set('reading', { ...states, [site]: state });
  // A batch that the engine cannot read would come back for ever.
  return answer.ok || !/^(?:away|wrongToken|HTTP 5\d\d)$/.test(answer.error);
}
