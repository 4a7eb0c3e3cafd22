import { CameraService } from '../camera-service.js';
import { extensionStore, fetchHttp } from '../extension-parts.js';
import type { OfferReply, Request } from '../messages.js';
import type { Call } from '../page-port.js';
import { readSettings } from '../settings.js';
import { DEFAULT_SITES, sitePatterns } from '../sites.js';

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
  if (matches.length === 0) return;
  const common = { matches, runAt: 'document_start', allFrames: true, matchOriginAsFallback: true } as const;
  await chrome.scripting.registerContentScripts([
    { ...common, id: 'page', js: ['page.js'], world: 'MAIN' },
    { ...common, id: 'isolated', js: ['isolated.js'], world: 'ISOLATED' },
  ]);
}

// Serialized: two at once would register the same scripts twice. A failed call keeps the default sites.
let registering = Promise.resolve();
const register = (): void => {
  registering = registering.then(registerSites).catch(() => undefined);
};
chrome.runtime.onInstalled.addListener(register);
chrome.permissions.onAdded.addListener(register);
chrome.permissions.onRemoved.addListener(register);
chrome.storage.onChanged.addListener((changes) => {
  if ('settings' in changes) register();
});
