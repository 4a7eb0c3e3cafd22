import { CameraService } from '../camera-service.js';
import { extensionStore, fetchHttp } from '../extension-parts.js';
import type { OfferReply, Request, Call } from '../messages.js';
import {
  DEFAULT_SITES,
  type FromPanel,
  type FromReader,
  type PanelReply,
  type ProductState,
  type ReadingState,
  readSettings,
  sitePatterns,
  type ToTab,
} from '../settings.js';
import { capturePage, MAX_CAPTURE_CHARS, type CapturedPage } from '../product/capture-page.js';
import { sendComments, sendProduct } from '../product/engine-api.js';

const service = new CameraService(extensionStore, fetchHttp);

chrome.runtime.onConnect.addListener((line) => {
  const origin = line.sender?.origin ?? '';
  const sessions = new Set<string>();
  line.onMessage.addListener((message: Call) => {
    // From a page's world: only its shape is known.
    const { id, request } = message as { id: number; request: Request };
    service.answer(request, origin).then(
      (reply) => {
        if (request.kind === 'offer') sessions.add((reply as OfferReply).session);
        if (request.kind === 'drop') sessions.delete(request.session);
        line.postMessage({ id, reply });
      },
      (error: unknown) => line.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  line.onDisconnect.addListener(() => {
    for (const session of sessions) service.answer({ kind: 'drop', session }, origin).catch(() => undefined);
  });
});

/** The manifest lists the default sites; sites the seller adds, and the browser allows, get their scripts here. */
async function registerSites(): Promise<void> {
  const { sites } = await readSettings(extensionStore);
  const added = sites.filter((site) => !DEFAULT_SITES.includes(site)).flatMap(sitePatterns);
  const allowed = await Promise.all(added.map((origin) => chrome.permissions.contains({ origins: [origin] })));
  const matches = added.filter((_, i) => allowed[i]);
  await chrome.scripting.unregisterContentScripts();
  await registerReaders();
  if (matches.length === 0) return;
  const common = { matches, runAt: 'document_start', allFrames: true, matchOriginAsFallback: true } as const;
  await chrome.scripting.registerContentScripts([
    { ...common, id: 'page', js: ['page.js'], world: 'MAIN' },
    { ...common, id: 'isolated', js: ['isolated.js'], world: 'ISOLATED' },
  ]);
}

/** Hosts whose comments are read go on being read after the page is loaded again. */
async function registerReaders(): Promise<void> {
  const hosts = Object.keys((await extensionStore.get('readers')) ?? {}).map((host) => host.replace(/:\d+$/, ''));
  const origins = [...new Set(hosts)].flatMap((host) => [`http://${host}/*`, `https://${host}/*`]);
  const allowed = await Promise.all(origins.map((origin) => chrome.permissions.contains({ origins: [origin] })));
  const matches = origins.filter((_, i) => allowed[i]);
  if (matches.length === 0) return;
  const common = { runAt: 'document_idle', allFrames: true, matchOriginAsFallback: false, world: 'ISOLATED' } as const;
  await chrome.scripting.registerContentScripts([{ ...common, id: 'comments', js: ['comments.js'], matches }]);
}

/** Batches that one page may hand over a second. */
const MAX_EVENTS = 100;
const MAX_READERS = 50;

/** Acts on tabs for the panel and for the parts that read comments. Pages cannot reach it: only the extension's own parts can. */
async function answerPanel({ kind, tab }: FromPanel): Promise<PanelReply> {
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
async function answerReader(message: FromReader, origin: string): Promise<boolean> {
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

/** Sent by the panel, which is a page of the extension, or by the part that reads comments, which is in a tab. */
chrome.runtime.onMessage.addListener((message: FromPanel | FromReader, sender, reply) => {
  if (sender.id !== chrome.runtime.id) return false;
  const fromPanel = sender.url?.startsWith(chrome.runtime.getURL('')) === true;
  if (message.kind === 'send-product' || message.kind === 'pick-comments') {
    if (!fromPanel) return false;
    answerPanel(message).then(reply, (error: unknown) => reply(String(error)));
  } else answerReader(message, sender.origin ?? '').then(reply, () => reply(false));
  return true;
});

// Serialized: two at once would register the same scripts twice. A failed call keeps the default sites.
let registering = Promise.resolve();
const register = (): void => {
  registering = registering.then(registerSites).catch(() => undefined);
};
chrome.runtime.onInstalled.addListener(register);
chrome.permissions.onAdded.addListener(register);
chrome.permissions.onRemoved.addListener(register);
chrome.storage.onChanged.addListener((changes) => {
  if ('settings' in changes || 'readers' in changes) register();
});
