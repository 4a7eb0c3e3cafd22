import t from 'tap';
import { seededRandom } from '../../../../src/core/random.js';
import type { Utterance } from '../../../../src/core/speech.js';
import { checkWords } from '../../../../scripts/bench/proof/check-words.js';
import { readMarks } from '../../../../scripts/bench/proof/lines.js';

const RATE = 48_000;
/** Each word half a second of noise that swells and fades, with a pause behind it. */
const WORD = RATE / 2;
const PAUSE = RATE / 20;
const MARKED = 'one two {three four }[five]{ six seven} eight nine';
const { text, forbidden, around } = readMarks(MARKED);
const LOUDNESS = [0.2, 0.25, 0.6, 0.5, 0.6, 0.5, 0.6, 0.25, 0.2];

function utter(): Utterance {
  const random = seededRandom(7);
  const names = text.split(' ');
  const pcm = new Float32Array(names.length * (WORD + PAUSE));
  let startChar = 0;
  const words = names.map((word, i) => {
    const startSample = i * (WORD + PAUSE);
    for (let k = 0; k < WORD; k += 1) {
      pcm[startSample + k] = LOUDNESS[i]! * Math.sin((Math.PI * k) / WORD) ** (1 + (i % 3)) * (random() * 2 - 1);
    }
    const from = startChar;
    startChar += word.length + 1;
    return { startChar: from, endChar: from + word.length, startSample, endSample: startSample + WORD, exact: true };
  });
  return { pcm, words } as unknown as Utterance;
}

/** A receiver's sound when the words of these characters were muted, at the given gain. */
function received(utterance: Utterance, from: number, to: number, gain = 1): Float32Array {
  const sound = new Float32Array(RATE * 2 + utterance.pcm.length);
  sound.set(
    utterance.pcm.map((v) => v * gain),
    RATE,
  );
  for (const w of utterance.words) {
    if (w.startChar < to && w.endChar > from) sound.fill(0, RATE + w.startSample, RATE + w.endSample + PAUSE);
  }
  return sound;
}

const utterance = utter();
const lines = [{ marked: MARKED, frame: 0, utterance }];
const check = (sound: Float32Array) => checkWords('here', sound, lines)[0]!;

t.test('finds a line with and without the words that may be muted', async (t) => {
  for (const { start, end } of [forbidden, around]) {
    const { audible, intact, neighbourDb } = check(received(utterance, start, end, 0.7));
    t.strictSame({ audible, intact }, { audible: false, intact: true });
    t.ok(Math.abs(neighbourDb!) < 1, `${neighbourDb} dB`);
  }
});

t.test('reports a muted harmless word as damage and an audible forbidden one as a leak', async (t) => {
  t.match(check(received(utterance, around.start, around.end + 4)), { audible: false, intact: false });
  t.match(check(received(utterance, 0, 0)), { audible: true });
});
