import { CameraService } from '../camera-service.js';
import { extensionStore, fetchHttp } from '../extension-parts.js';
import type { OfferReply, Request } from '../messages.js';
import type { Call } from '../page-port.js';
import { readSettings } from '../settings.js';
import { DEFAULT_SITES, sitePatterns } from '../sites.js';
import type { FromPanel, FromReader } from '../tab-messages.js';
import { answerPanel, answerReader } from '../tab-service.js';

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
