import { CameraService } from '../camera-service.js';
import { extensionStore, fetchHttp } from '../extension-parts.js';
import { pairedRoom } from '../product/engine-api.js';
import {
  DEFAULT_SITES,
  DEFAULTS,
  endpointFault,
  type FromPanel,
  normaliseSite,
  type ProductState,
  readSettings,
  type Settings,
  siteMatches,
  sitePatterns,
  withSite,
} from '../settings.js';
import { iceServers, whepDrop, whepOffer } from '../whep-client.js';

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
function showTools(findTab: () => Promise<chrome.tabs.Tab | undefined>): { look(): Promise<void> } {
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

const LOOK_MS = 2000;
/** Sites in the manifest. */
const OWN_ORIGINS = ['http://127.0.0.1/*', 'http://localhost/*'];
const service = new CameraService(extensionStore, fetchHttp);
const form = $<HTMLFormElement>('form');
const endpoint = $<HTMLInputElement>('endpoint');
const token = $<HTMLInputElement>('token');
const sites = $<HTMLTextAreaElement>('sites');
const preferred = $<HTMLInputElement>('preferred');
const here = $<HTMLInputElement>('here');
const note = $('note');
const video = $<HTMLVideoElement>('video');
let site = '';
let playing: { peer: RTCPeerConnection; session: string } | undefined;
let connecting = false;

for (const element of document.querySelectorAll<HTMLElement>('[data-t]'))
  element.textContent = word(element.dataset['t']!);
for (const element of document.querySelectorAll<HTMLElement>('[data-hint]')) {
  (element as HTMLInputElement).placeholder = word(element.dataset['hint']!);
}
document.documentElement.lang = chrome.i18n.getUILanguage();
if (new URLSearchParams(location.search).has('popup')) document.body.classList.add('popup');

async function save(change: Partial<Settings>): Promise<void> {
  await extensionStore.set('settings', { ...(await readSettings(extensionStore)), ...change });
}

function sayInPanel(text: string, bad = false): void {
  note.textContent = text;
  note.classList.toggle('bad', bad);
}

/** Requests the browser's permission during the click; the local engine needs none. */
async function allow(origins: string[]): Promise<boolean> {
  const asked = origins.filter((origin) => !OWN_ORIGINS.includes(origin));
  return asked.length === 0 || chrome.permissions.request({ origins: asked });
}

/** The tab that the popup was opened on; the page in a tab of its own may name one. */
async function panelTab(): Promise<chrome.tabs.Tab | undefined> {
  const named = Number(new URLSearchParams(location.search).get('tab') ?? Number.NaN);
  if (Number.isInteger(named)) return chrome.tabs.get(named).catch(() => undefined);
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab;
}

async function show(): Promise<void> {
  const now = await readSettings(extensionStore);
  endpoint.value = now.endpoint;
  token.value = now.token;
  sites.value = now.sites.join('\n');
  preferred.checked = now.preferred;
  const tab = await panelTab();
  site = tab?.url !== undefined && /^https?:/.test(tab.url) ? new URL(tab.url).hostname : '';
  $('site-row').hidden = site === '';
  $('site').textContent = site;
  here.checked = siteMatches(site, now.sites);
  await tools.look();
}

async function look(): Promise<void> {
  const settings = await readSettings(extensionStore);
  const picture = await service.look(settings);
  const state = $('state');
  state.dataset['state'] = picture === undefined ? 'away' : 'live';
  state.textContent = word(picture === undefined ? 'away' : 'live');
  $('size').textContent =
    picture === undefined ? '' : `${picture.width}×${picture.height} · ${Math.round(picture.frameRate)} fps`;
  $('hint').hidden = picture !== undefined;
  if (picture === undefined || ['failed', 'closed', 'disconnected'].includes(playing?.peer.connectionState ?? ''))
    stop();
  if (picture !== undefined && playing === undefined && !connecting) await play(settings).catch(stop);
}

async function play(settings: Settings): Promise<void> {
  connecting = true;
  try {
    const at = { url: settings.endpoint, token: settings.token };
    const peer = new RTCPeerConnection({ iceServers: await iceServers(fetchHttp, at).catch(() => []) });
    playing = { peer, session: '' };
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addEventListener('track', ({ track }) => (video.srcObject = new MediaStream([track])));
    await peer.setLocalDescription(await peer.createOffer());
    const { answer, session } = await whepOffer(fetchHttp, at, peer.localDescription!.sdp);
    playing.session = session;
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
  } finally {
    connecting = false;
  }
}

function stop(): void {
  const { peer, session } = playing ?? {};
  playing = undefined;
  peer?.close();
  video.srcObject = null;
  $('screen').classList.remove('playing');
  if (session) {
    void readSettings(extensionStore).then(({ endpoint: url, token: secret }) =>
      whepDrop(fetchHttp, { url, token: secret }, session),
    );
  }
}

video.addEventListener('playing', () => $('screen').classList.add('playing'));
addEventListener('pagehide', stop);
preferred.addEventListener('change', () => void save({ preferred: preferred.checked }));
/**
 * Saves and requests permission at once: the prompt takes the focus, and a popup that loses focus closes before the
 * answer. Denied sites are removed again.
 */
async function saveIfAllowed(change: Partial<Settings>, origins: string[]): Promise<boolean> {
  const leave = allow(origins);
  const before = await readSettings(extensionStore);
  await save(change);
  if (await leave) return true;
  await extensionStore.set('settings', before);
  return false;
}

async function onHere(): Promise<void> {
  const { checked } = here;
  // Read from the page, not from the store: the store would answer too late for a permission request.
  const list = withSite(listed(), site, checked);
  if (!(await saveIfAllowed({ sites: list }, checked ? sitePatterns(site) : []))) {
    here.checked = false;
    return sayInPanel(word('notAllowed', site), true);
  }
  sites.value = list.join('\n');
  sayInPanel(word('reload'));
}

const listed = (): string[] => [
  ...new Set(
    sites.value
      .split(/\s+/)
      .map(normaliseSite)
      .filter((one) => one !== ''),
  ),
];

async function onSubmit(): Promise<void> {
  const url = endpoint.value.trim() || DEFAULTS.endpoint;
  const fault = endpointFault(url);
  if (fault !== undefined) return sayInPanel(word(fault), true);
  const list = listed();
  const added = list.filter((one) => !DEFAULT_SITES.includes(one));
  const { protocol, hostname } = new URL(url);
  const change = { endpoint: url, token: token.value.trim(), sites: list };
  if (!(await saveIfAllowed(change, [`${protocol}//${hostname}/*`, ...added.flatMap(sitePatterns)]))) {
    return sayInPanel(word('notAllowed', [hostname, ...added].join(', ')), true);
  }
  stop();
  await show();
  sayInPanel(word('saved'));
  await look();
}

here.addEventListener('change', () => void onHere());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void onSubmit();
});
const tools = showTools(panelTab);
await show();
await look();
setInterval(() => void look(), LOOK_MS);
