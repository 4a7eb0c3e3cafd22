import { showAlarms, soundWanted, toggleSound } from '/alarms.js';
import { causesOf } from '/causes.js';
import { hitRows, LEDGER_WORDS } from '/ledger-words.js';
import { rundownPanel } from '/rundown.js';
import { showTakeOver, startTakeOver } from '/take-over.js';
import { rows, tiles } from '/tables.js';
import { viewersPanel } from '/viewers.js';
import { playWhep } from '/whep-player.js';
import { WORDS } from '/words.js';

const $ = (id) => document.getElementById(id);
const TOLD_MS = 8000;
const BUSY_MS = 30_000;
const BUSY_SHARE = 0.02;
/** Seconds between two looks. */
const PRODUCTS_EVERY = 3;
const VIEWERS_EVERY = 2;
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
let linkState = 'connecting';
let muted = false;
let blanked = false;
/** Frames that a dump drops; undefined before the first answer of the room. */
let dumpable;
let slate = [];
let alarms = [];
/** State of the room, with its title. */
let state = { name: 'starting', text: () => '…' };
let roomName = '';
/** Shows the result of the last button in the present language, for some seconds. */
let told = () => '';
let toldTimer;
let said = { bad: false, text: () => '' };
let tokenFault = false;
/** Figures of the last half minute: { at, frames, late, unjudged }. */
let past = [];
const word = (key) => WORDS[language][key] ?? key;
const called = (words, name) => words[name]?.[language === 'zh' ? 1 : 0] ?? name;

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = word(node.dataset.t);
  for (const node of document.querySelectorAll('[data-tip]')) node.title = word(node.dataset.tip);
  $('language').textContent = word('other');
  $('say-text').placeholder = word('sayHint');
  showSound();
  showLink();
  showOrders();
  showSaid();
  showState();
  rundown.draw();
  viewers.draw();
  showTakeOver(undefined, word);
}

function showSound() {
  $('sound').textContent = word($('video').muted ? 'soundOn' : 'soundOff');
  $('alarm-sound').textContent = word(soundWanted() ? 'alarmSoundOn' : 'alarmSoundOff');
  $('alarm-sound').setAttribute('aria-pressed', String(soundWanted()));
}

function showState() {
  $('state').dataset.state = state.name;
  $('state').textContent = state.text() || word(state.name);
}

/** Green only when every output that the room wants is live. */
function takeState({ state: name, status, outputs }) {
  const down = (outputs ?? []).filter((o) => o.required && o.state !== 'live' && o.state !== 'degraded').length;
  const limited = name === 'on-air' && (down > 0 || status === 'degraded');
  if (!limited) state = { name, text: () => '' };
  else state = { name: 'limited', text: () => (down > 0 ? word('partly')(down) : word('limited')) };
  showState();
}

function drawAlarms() {
  const title = roomName === '' ? 'Showroom' : `${roomName} · Showroom`;
  showAlarms(causesOf({ alarms, slate, busy: busy() }, word, language), title, word);
}

const seconds = (ms) => (ms / 1000).toFixed(ms < 950 ? 1 : 0);

function tell(text) {
  told = text;
  clearTimeout(toldTimer);
  toldTimer = setTimeout(() => tell(() => ''), TOLD_MS);
  showOrders();
}

function say(text, bad = false) {
  said = { bad, text };
  showSaid();
}

function showSaid() {
  $('say-result').textContent = said.text();
  $('say-result').classList.toggle('bad', said.bad);
  $('token-fault').textContent = tokenFault ? word('badToken') : '';
  $('token').setAttribute('aria-invalid', String(tokenFault));
}

const resumable = () => muted || blanked || slate.includes('risk');

/** The troubles, the result of the last button, and the present action of each button. */
function showOrders() {
  drawAlarms();
  $('told').textContent = told();
  $('told').hidden = $('told').textContent === '';
  for (const [id, on] of [
    ['mute', muted],
    ['blank', blanked],
  ]) {
    $(id).textContent = word(on ? `un${id}` : id);
    $(id).dataset.on = String(on);
    $(id).setAttribute('aria-pressed', String(on));
    $(id).title = word(`${id}Hint`);
  }
  const none = dumpable?.frames === 0;
  $('dump').setAttribute('aria-disabled', String(none));
  $('dump').title = none ? word('noDump') : dumpable ? word('dumpHint')(seconds(dumpable.ms)) : '';
  $('resume').setAttribute('aria-disabled', String(!resumable()));
  $('resume').title = word(resumable() ? 'resumeHint' : 'noResume');
}

/** Takes over the operator commands in force from an answer. */
function takeOrders(body) {
  if (body.muted !== undefined) muted = body.muted;
  if (body.blanked !== undefined) blanked = body.blanked;
  if (body.slate !== undefined) slate = body.slate;
  showOrders();
}

async function press(name) {
  if (name === 'dump' && dumpable?.frames === 0) return tell(() => word('noDump'));
  if (name === 'resume' && !resumable()) return;
  const undoes = (name === 'mute' && muted) || (name === 'blank' && blanked);
  const what = undoes ? { body: JSON.stringify({ [name]: true }) } : {};
  const { status, body } = await api(`/api/${undoes ? 'resume' : name}`, { method: 'POST', ...what }).catch(() => ({
    body: { error: { message: '' } },
  }));
  if (status !== 200) tell(() => `${word('failed')}${body.error?.message ?? status}`);
  else if (name !== 'dump') tell(() => '');
  else tell(() => (body.frames === 0 ? word('dumpedNone') : word('dumped')(body.frames, seconds(body.ms))));
  takeOrders(body);
  if (body.state !== undefined) takeState(body);
}

const showLink = () =>
  ($('link').textContent = linkState === 'playing' ? '' : word(linkState === 'lost' ? 'lost' : 'connecting'));

async function api(path, options = {}) {
  const headers = { authorization: `Bearer ${token}`, ...(options.body ? { 'content-type': 'application/json' } : {}) };
  const reply = await fetch(path, { ...options, headers });
  return { status: reply.status, body: await reply.json().catch(() => ({})) };
}

const clockText = (ms) => `${Math.floor(ms / 3_600_000)}`.padStart(2, '0') + new Date(ms).toISOString().slice(13, 19);
const sizeText = (bytes) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
const lufs = (value) => (value === null || value <= -70 ? '–' : value.toFixed(1));

/** Whether the last half minute had too many frames that were late or not checked in time. */
function busy() {
  const [first, last] = [past[0], past.at(-1)];
  if (first === undefined || last.frames - first.frames < 100) return false;
  const slow = Math.max(last.late - first.late, last.unjudged - first.unjudged);
  return slow / (last.frames - first.frames) > BUSY_SHARE;
}

function show(s) {
  const at = performance.now();
  past = past.filter((one) => one.at > at - BUSY_MS && one.frames <= s.frames.rendered);
  past.push({ at, frames: s.frames.rendered, late: s.lateTicks.total, unjudged: s.replacedBy.unjudged ?? 0 });
  roomName = s.name;
  alarms = s.alarms ?? [];
  showTakeOver(s.takeover, word);
  $('room-name').textContent = `${s.name} · ${s.width}×${s.height} · ${s.fps} fps`;
  $('clock').textContent = clockText(s.onAirMs);
  dumpable = s.dumpWindow;
  takeOrders(s);
  takeState(s);
  const sayMuted = (s.mutedBy.violation ?? 0) / s.fps;
  tiles('gate', word, [
    ['rendered', s.frames.rendered.toLocaleString()],
    ['replaced', s.frames.replaced.toLocaleString(), s.slate.length > 0 ? 'bad' : ''],
    ['unjudged', s.frames.releasedUnjudged, s.frames.releasedUnjudged > 0 ? 'bad' : 'good'],
    ['mutedSound', `${sayMuted.toFixed(sayMuted > 0 && sayMuted < 10 ? 1 : 0)} s`],
    ['riskScore', s.risk.score, s.risk.level === 'calm' ? 'good' : s.risk.level === 'raised' ? 'warn' : 'bad'],
    ['late', s.lateTicks.total.toLocaleString(), busy() ? 'bad' : ''],
  ]);
  const causes = Object.entries(s.replacedBy).filter(([, n]) => n > 0);
  $('causes').textContent = causes
    .map(([cause, n]) => `${called(LEDGER_WORDS, cause)} ${n.toLocaleString()}`)
    .join(' · ');
  $('speaking').textContent = s.speaking ? s.speaking.text : word('silence');
  const { last, total } = s.unspoken;
  $('unspoken').textContent = last ? word('unspokenLast')(total, last.text, last.message) : '';
  tiles('show', word, [
    ['loudness', `${lufs(s.audio.integratedLufs)} LUFS`],
    ['offset', s.avOffsetMs === null ? '–' : `${Math.round(s.avOffsetMs)} ms`],
    ['bitrate', `${Math.round(s.encoder.kbitPerSecond)} kbit/s`],
  ]);
  rows(
    'outputs',
    s.outputs.map((o) => [
      { text: o.id, small: o.lastError || o.target },
      {
        pill: o.state,
        text: word(o.state === 'connecting' ? 'connectingState' : o.state),
        small: o.viewers === undefined ? '' : `${o.viewers} ${word(o.viewers === 1 ? 'viewer' : 'viewers')}`,
      },
      { text: sizeText(o.bytesSent), num: true },
    ]),
  );
}

function showVerdicts(list) {
  const hits = hitRows(list, language);
  if (hits.length === 0) return rows('verdicts', [[word('noVerdicts')]]);
  rows(
    'verdicts',
    hits.map(({ at, what, where, count }) => [
      { text: at, num: true },
      { text: count > 1 ? `${what} ×${count}` : what, small: where },
    ]),
  );
}

const rundown = rundownPanel(api, word, () => language, tell);
const viewers = viewersPanel(api, word, () => language);
let polls = 0;

async function poll() {
  try {
    if (token) {
      const { status, body } = await api('/api/room');
      // 429: too many wrong tokens from this address; the right one would have been accepted.
      if (status === 401 || status === 429) {
        token = '';
        slate = [];
        sessionStorage.removeItem('token');
        tokenFault = true;
        showSaid();
      } else if (status === 200) {
        sessionStorage.setItem('token', token);
        show(body);
        showVerdicts((await api('/api/verdicts?limit=200')).body.verdicts ?? []);
        await Promise.all([rundown.poll(polls % PRODUCTS_EVERY === 0), polls % VIEWERS_EVERY === 0 && viewers.poll()]);
        polls += 1;
      }
    } else {
      const health = await (await fetch('/healthz')).json();
      takeOrders(health);
      takeState(health);
    }
  } catch {
    state = { name: 'stopped', text: () => word('away') };
    showState();
  }
  for (const id of ['buttons', 'talk', 'take-over', 'figures', 'alarm-sound', 'report']) $(id).hidden = !token;
  $('token-form').hidden = Boolean(token);
  setTimeout(poll, 1000);
}

startTakeOver(() => token, word);
$('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate();
});
$('sound').addEventListener('click', () => {
  $('video').muted = !$('video').muted;
  showSound();
});
$('alarm-sound').addEventListener('click', () => {
  toggleSound();
  showSound();
});
$('buttons').addEventListener('click', (event) => {
  const name = event.target.dataset?.do;
  // The second click of a double one must not undo the first.
  if (name && event.detail <= 1) void press(name);
});
const KEYS = { m: 'mute', b: 'blank', r: 'resume' };
document.addEventListener('keydown', (event) => {
  const { target, key, repeat, ctrlKey, altKey, metaKey } = event;
  if (!token || repeat || ctrlKey || altKey || metaKey || target.closest?.('input, textarea, [contenteditable]'))
    return;
  const name = KEYS[key.toLowerCase()];
  if (name) void press(name);
});
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  tokenFault = false;
  showSaid();
});
$('token').addEventListener('input', () => {
  tokenFault = false;
  showSaid();
});
$('report').addEventListener('click', async () => {
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`/api/report?since=24h&format=html&lang=${language}`, { headers }).catch(() => undefined);
  if (reply?.ok !== true) {
    const { error } = (await reply?.json().catch(() => ({}))) ?? {};
    return say(() => `${word('failed')}${error?.message ?? word('away')}`, true);
  }
  // The page has a policy of its own: it loads and runs nothing.
  const url = URL.createObjectURL(await reply.blob());
  Object.assign(document.createElement('a'), { href: url, target: '_blank', rel: 'noopener' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
});
$('say').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('say-text').value.trim();
  if (!text) return;
  const { body } = await api('/api/say', { method: 'POST', body: JSON.stringify({ text }) }).catch(() => ({
    body: { error: { message: word('away') } },
  }));
  const answer = () =>
    body.result === 'refused'
      ? word('refused')(body.reason[language])
      : body.result
        ? word(body.result)
        : `${word('failed')}${body.error?.message ?? ''}`;
  say(answer, body.result !== 'queued');
  // A refused line stays in the box, to be corrected.
  if (body.result === 'queued') $('say-text').value = '';
});

// A wide picture gets a wider column.
$('video').addEventListener('resize', () => {
  const { videoWidth, videoHeight } = $('video');
  document.querySelector('main').classList.toggle('wide', videoWidth > videoHeight);
});
if (token) history.replaceState(null, '', location.pathname);
translate();
playWhep(
  $('video'),
  '/whep',
  (state) => {
    linkState = state;
    showLink();
  },
  () => token,
);
void poll();
