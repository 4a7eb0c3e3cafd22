// Alerts an operator who looks elsewhere: one banner a trouble, the tab's title and icon, and an optional sound.
import { keyed, part } from '/tables.js';

const ICONS = { calm: '%23e8453c', alarm: '%23ff2d20' };
const icon = (alarm) =>
  `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E${
    alarm
      ? `%3Cpath d='M8 0 16 15H0z' fill='${ICONS.alarm}'/%3E%3Cpath d='M7 5h2v5H7zm0 6h2v2H7z' fill='white'/%3E`
      : `%3Ccircle cx='8' cy='8' r='7' fill='${ICONS.calm}'/%3E%3Ccircle cx='8' cy='8' r='3' fill='white'/%3E`
  }%3C/svg%3E`;

let known = new Set();
let context;

export const soundWanted = () => localStorage.getItem('alarm-sound') === 'on';

/** Switches the sound on or off; the click lets the browser play it. */
export function toggleSound() {
  const on = !soundWanted();
  localStorage.setItem('alarm-sound', on ? 'on' : 'off');
  if (on) beep();
}

function beep() {
  context ??= new AudioContext();
  void context.resume();
  for (const [n, hertz] of [880, 660, 880].entries()) {
    const tone = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: 0.2 });
    tone.connect(gain).connect(context.destination);
    tone.start(context.currentTime + n * 0.25);
    tone.stop(context.currentTime + n * 0.25 + 0.2);
  }
}

/** Shows the troubles of `causesOf`; alarms among them sound and change title and icon, notices do not. */
export function showAlarms(causes, title, word) {
  const raised = causes.filter(({ severity }) => severity !== 'notice');
  const keys = new Set(raised.map(({ key, since }) => `${key} ${since}`));
  if (soundWanted() && [...keys].some((key) => !known.has(key))) beep();
  known = keys;
  document.getElementById('alarms').hidden = causes.length === 0;
  keyed(
    'alarms',
    causes.map((one) => ({ ...one, id: one.key })),
    newBanner,
    (banner, { severity, since, text, more }) => {
      banner.dataset.severity = severity;
      write(part(banner, '.text'), text);
      write(part(banner, 'small'), since === undefined ? '' : new Date(since).toTimeString().slice(0, 5));
      const details = part(banner, 'details');
      details.hidden = more.length === 0;
      write(part(details, 'summary'), word('moreSigns')(more.length));
      write(part(details, 'span'), more.join('\n'));
    },
  );
  document.title = raised.length === 0 ? title : `(${raised.length}) ⚠ ${title}`;
  const icons = document.getElementById('icon');
  const wanted = icon(raised.length > 0);
  if (icons.href !== wanted) icons.href = wanted;
}

function newBanner() {
  const banner = document.createElement('div');
  const line = document.createElement('p');
  const text = Object.assign(document.createElement('span'), { className: 'text' });
  line.append(text, ' ', document.createElement('small'));
  const details = document.createElement('details');
  details.append(document.createElement('summary'), document.createElement('span'));
  banner.append(line, details);
  return banner;
}

/** Only a changed text is read out again by a screen reader. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
