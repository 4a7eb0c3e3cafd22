// Alerts an operator who looks elsewhere: red banner, the tab's title and icon, and an optional sound.
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

/** Shows the active alarms: `{ kind, subject, severity, since, text: { en, zh } }`. */
export function showAlarms(alarms, language, title, banner, icons) {
  const keys = new Set(alarms.map(({ kind, subject, since }) => `${kind} ${subject} ${since}`));
  if (soundWanted() && [...keys].some((key) => !known.has(key))) beep();
  known = keys;
  banner.hidden = alarms.length === 0;
  banner.replaceChildren(
    ...alarms.map(({ since, severity, text }) => {
      const line = document.createElement('p');
      line.dataset.severity = severity;
      const time = document.createElement('small');
      time.textContent = new Date(since).toTimeString().slice(0, 5);
      line.append(text[language], ' ', time);
      return line;
    }),
  );
  document.title = alarms.length === 0 ? title : `(${alarms.length}) ⚠ ${title}`;
  const wanted = icon(alarms.length > 0);
  if (icons.href !== wanted) icons.href = wanted;
}
