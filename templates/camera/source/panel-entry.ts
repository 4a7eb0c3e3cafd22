import { CameraService } from './camera-service.js';
import { extensionStore, fetchHttp } from './extension-parts.js';
import { DEFAULTS, endpointFault, readSettings, type Settings } from './settings.js';
import { DEFAULT_SITES, normaliseSite, siteMatches, sitePatterns, withSite } from './sites.js';
import { iceServers, whepDrop, whepOffer } from './whep-client.js';

/** The extension's one page, as the button's popup and as its options. */
const $ = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const word = (name: string, ...parts: string[]): string => chrome.i18n.getMessage(name, parts);

const LOOK_MS = 2000;
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

function say(text: string, bad = false): void {
  note.textContent = text;
  note.classList.toggle('bad', bad);
}

/** Asks the browser's leave while the click counts; this machine and the usual sites need none. */
async function allow(origins: string[]): Promise<boolean> {
  return chrome.permissions.request({ origins });
}

async function show(): Promise<void> {
  const now = await readSettings(extensionStore);
  endpoint.value = now.endpoint;
  token.value = now.token;
  sites.value = now.sites.join('\n');
  preferred.checked = now.preferred;
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  site = tab?.url !== undefined && /^https?:/.test(tab.url) ? new URL(tab.url).hostname : '';
  $('site-row').hidden = site === '';
  $('site').textContent = site;
  here.checked = siteMatches(site, now.sites);
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
async function onHere(): Promise<void> {
  if (here.checked && !(await allow(sitePatterns(site)))) {
    here.checked = false;
    return say(word('notAllowed', site), true);
  }
  const now = await readSettings(extensionStore);
  const list = withSite(now.sites, site, here.checked);
  await save({ sites: list });
  sites.value = list.join('\n');
  say(word('reload'));
}

async function onSubmit(): Promise<void> {
  const url = endpoint.value.trim() || DEFAULTS.endpoint;
  const fault = endpointFault(url);
  if (fault !== undefined) return say(word(fault), true);
  const list = sites.value
    .split(/\s+/)
    .map(normaliseSite)
    .filter((one) => one !== '');
  const added = list.filter((one) => !DEFAULT_SITES.includes(one));
  const engine = `${new URL(url).protocol}//${new URL(url).hostname}/*`;
  if (!(await allow([engine, ...added.flatMap(sitePatterns)]))) {
    return say(word('notAllowed', [new URL(url).hostname, ...added].join(', ')), true);
  }
  await save({ endpoint: url, token: token.value.trim(), sites: [...new Set(list)] });
  stop();
  await show();
  say(word('saved'));
  await look();
}

here.addEventListener('change', () => void onHere());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void onSubmit();
});
await show();
await look();
setInterval(() => void look(), LOOK_MS);
