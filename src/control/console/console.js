import { playWhep } from '/whep-player.js';
import { LEDGER_WORDS, WORDS } from '/words.js';

const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
let linkState = 'connecting';
let muted = false;
/** Frames that a dump takes back; undefined before the room has told. */
let dumpable;
let slate = [];
/** Says, in the language of the moment, what came of the last button. */
let told = () => '';
const word = (key) => WORDS[language][key] ?? key;
const ledgerWord = (name) => (language === 'zh' ? LEDGER_WORDS[name] : undefined) ?? name;

function translate() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = word(node.dataset.t);
  $('language').textContent = word('other');
  $('say-text').placeholder = word('sayHint');
  showSound();
  showLink();
  showOrders();
}

const showSound = () => ($('sound').textContent = word($('video').muted ? 'soundOn' : 'soundOff'));
function showState(state) {
  $('state').dataset.state = state;
  $('state').textContent = word(state);
}

const seconds = (ms) => (ms / 1000).toFixed(ms < 950 ? 1 : 0);

/** Why viewers see the slate, what came of the last button, and what the buttons do now. */
function showOrders() {
  const stop = language === 'zh' ? '。' : '.';
  const reasons = slate.map((reason) => word(`slate-${reason}`)).join(language === 'zh' ? '；' : '; ');
  $('why').textContent = slate.length > 0 ? word('slate') + reasons + stop : '';
  $('told').textContent = told();
  $('notices').hidden = $('why').textContent === '' && $('told').textContent === '';
  $('mute').textContent = word(muted ? 'unmute' : 'mute');
  $('mute').dataset.on = String(muted);
  const none = dumpable?.frames === 0;
  $('dump').setAttribute('aria-disabled', String(none));
  $('dump').title = none ? word('noDump') : dumpable ? word('dumpHint')(seconds(dumpable.ms)) : '';
}

/** The operator's orders as an answer tells them. */
function takeOrders(body) {
  if (body.muted !== undefined) muted = body.muted;
  if (body.slate !== undefined) slate = body.slate;
  if (body.state !== undefined) showState(body.state);
  showOrders();
}

async function press(name) {
  if (name === 'dump' && dumpable?.frames === 0) {
    told = () => word('noDump');
    return showOrders();
  }
  const unmutes = name === 'mute' && muted;
  const what = unmutes ? { body: JSON.stringify({ mute: true }) } : {};
  const { status, body } = await api(`/api/${unmutes ? 'resume' : name}`, { method: 'POST', ...what }).catch(() => ({
    body: { error: { message: '' } },
  }));
  if (status !== 200) told = () => `${word('failed')}${body.error?.message ?? status}`;
  else if (name !== 'dump') told = () => '';
  else told = () => (body.frames === 0 ? word('dumpedNone') : word('dumped')(body.frames, seconds(body.ms)));
  takeOrders(body);
}

const showLink = () =>
  ($('link').textContent = linkState === 'playing' ? '' : word(linkState === 'lost' ? 'lost' : 'connecting'));

async function api(path, options = {}) {
  const headers = { authorization: `Bearer ${token}`, ...(options.body ? { 'content-type': 'application/json' } : {}) };
  const reply = await fetch(path, { ...options, headers });
  return { status: reply.status, body: await reply.json().catch(() => ({})) };
}

function tiles(id, list) {
  $(id).replaceChildren(
    ...list.map(([key, value, mood]) => {
      const box = document.createElement('div');
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      dt.textContent = word(key);
      const [number, unit] = String(value).split(' ');
      dd.textContent = number;
      if (unit) {
        const small = document.createElement('small');
        small.textContent = ` ${unit}`;
        dd.append(small);
      }
      if (mood) dd.className = mood;
      box.append(dt, dd);
      return box;
    }),
  );
}

function rows(id, list) {
  $(id).tBodies[0].replaceChildren(
    ...list.map((cells) => {
      const row = document.createElement('tr');
      for (const cell of cells) {
        const td = document.createElement('td');
        if (typeof cell === 'object') {
          if (cell.pill) {
            const pill = document.createElement('span');
            pill.className = 'pill';
            pill.dataset.state = cell.pill;
            pill.textContent = word(cell.pill === 'connecting' ? 'connectingState' : cell.pill);
            td.append(pill);
          } else td.textContent = cell.text;
          if (cell.small) {
            const small = document.createElement('small');
            small.textContent = cell.small;
            td.append(small);
          }
          if (cell.num) td.className = 'num';
        } else td.textContent = cell;
        row.append(td);
      }
      return row;
    }),
  );
}

const clockText = (ms) => `${Math.floor(ms / 3_600_000)}`.padStart(2, '0') + new Date(ms).toISOString().slice(13, 19);
const sizeText = (bytes) => (bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
const lufs = (value) => (value < -100 ? '–' : value.toFixed(1));

function show(s) {
  $('room-name').textContent = `${s.name} · ${s.width}×${s.height} · ${s.fps} fps`;
  $('clock').textContent = clockText(s.onAirMs);
  dumpable = s.dumpWindow;
  takeOrders(s);
  tiles('gate', [
    ['rendered', s.frames.rendered.toLocaleString()],
    ['replaced', s.frames.replaced.toLocaleString(), s.frames.replaced > 0 ? 'bad' : ''],
    ['unjudged', s.frames.releasedUnjudged, s.frames.releasedUnjudged > 0 ? 'bad' : 'good'],
    ['suspects', s.scans.candidates.toLocaleString()],
    ['codes', s.scans.decoded.toLocaleString()],
    ['late', s.lateTicks.total, s.lateTicks.total > 0 ? 'bad' : 'good'],
  ]);
  const causes = Object.entries(s.replacedBy).filter(([, n]) => n > 0);
  $('causes').textContent = causes.map(([cause, n]) => `${ledgerWord(cause)} ${n.toLocaleString()}`).join(' · ');
  $('speaking').textContent = s.speaking ? s.speaking.text : word('silence');
  const { last, total } = s.unspoken;
  $('unspoken').textContent = last ? word('unspokenLast')(total, last.text, last.message) : '';
  tiles('show', [
    ['loudness', `${lufs(s.audio.integratedLufs)} LUFS`],
    ['compose', `${(s.stageMs.compose?.p50 ?? 0).toFixed(2)} ms`],
    ['bitrate', `${Math.round(s.encoder.kbitPerSecond)} kbit/s`],
  ]);
  rows(
    'outputs',
    s.outputs.map((o) => [
      { text: o.id, small: o.lastError || o.target },
      {
        pill: o.state,
        small: o.viewers === undefined ? '' : `${o.viewers} ${word(o.viewers === 1 ? 'viewer' : 'viewers')}`,
      },
      { text: sizeText(o.bytesSent), num: true },
    ]),
  );
}

function showVerdicts(list) {
  if (list.length === 0) return rows('verdicts', [[word('noVerdicts')]]);
  rows(
    'verdicts',
    list.slice(0, 12).map((v) => [
      { text: v.at.slice(11, 19), num: true },
      {
        text: `${v.rule ?? ''} ${ledgerWord(v.action)}`.trim(),
        small: [ledgerWord(v.surface ?? v.kind), v.evidence].filter(Boolean).join(' · '),
      },
    ]),
  );
}

async function poll() {
  try {
    if (token) {
      const { status, body } = await api('/api/room');
      if (status === 401) {
        token = '';
        sessionStorage.removeItem('token');
        $('say-result').textContent = word('badToken');
      } else if (status === 200) {
        show(body);
        showVerdicts((await api('/api/verdicts?limit=12')).body.verdicts ?? []);
      }
    } else {
      const health = await (await fetch('/healthz')).json();
      takeOrders(health);
    }
  } catch {
    $('state').dataset.state = 'stopped';
    $('state').textContent = word('away');
  }
  for (const id of ['buttons', 'say', 'figures']) $(id).hidden = !token;
  $('token-form').hidden = Boolean(token);
  setTimeout(poll, 1000);
}

$('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate();
});
$('sound').addEventListener('click', () => {
  $('video').muted = !$('video').muted;
  showSound();
});
$('buttons').addEventListener('click', (event) => {
  const name = event.target.dataset?.do;
  // The second click of a double one must not undo the first.
  if (name && event.detail <= 1) void press(name);
});
$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  token = $('token').value.trim();
  $('say-result').textContent = '';
});
$('say').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = $('say-text').value.trim();
  if (!text) return;
  const { body } = await api('/api/say', { method: 'POST', body: JSON.stringify({ text }) });
  $('say-result').textContent =
    body.result === 'refused'
      ? word('refused')(body.reason[language])
      : body.result
        ? word(body.result)
        : (body.error?.message ?? '');
  // A refused line stays in the box, to be put right.
  if (body.result === 'queued') $('say-text').value = '';
});

if (token) {
  sessionStorage.setItem('token', token);
  history.replaceState(null, '', location.pathname);
}
translate();
playWhep($('video'), '/whep', (state) => {
  linkState = state;
  showLink();
});
void poll();
