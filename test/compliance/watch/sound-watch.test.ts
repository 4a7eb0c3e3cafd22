import t from 'tap';
import { SoundWatch } from '../../../src/compliance/watch/sound-watch.js';
import type { WatchEvent } from '../../../src/compliance/watch/watch-event.js';
import { soundWatch, type SoundWatchThresholds } from '../../../src/config/sections/compliance.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';

const RATE = { num: 30, den: 1 };
const SAMPLES = 1600;
const random = seededRandom(9);
type Sound = (second: number) => number;

const silence: Sound = () => 0;
const tone =
  (amplitude: number, hz = 440): Sound =>
  (s) =>
    amplitude * Math.sin(2 * Math.PI * hz * s);
/** Voiced noise in syllables of 150 ms with gaps of 100 ms, about −15 dBFS at its loudest. */
const speech: Sound = (s) => ((s * 1000) % 250 < 150 ? 0.3 * (random() * 2 - 1) : 0.002 * (random() * 2 - 1));
const music: Sound = (s) => 0.02 * (Math.sin(2 * Math.PI * 220 * s) + Math.sin(2 * Math.PI * 331 * s) + random() - 0.5);

/** Events of a sequence of sounds, each with its length in seconds. */
function hear(
  parts: readonly (readonly [Sound, number])[],
  thresholds: Partial<SoundWatchThresholds> = {},
): WatchEvent[] {
  const events: WatchEvent[] = [];
  const watch = new SoundWatch({
    rate: RATE,
    thresholds: soundWatch.parse({ silentMs: 2000, clippedMs: 1000, deadAirMs: 4000, ...thresholds }),
    onEvent: (event) => events.push(event),
  });
  const block = new Float32Array(SAMPLES * 2);
  let n = 0;
  for (const [sound, seconds] of parts) {
    for (const end = n + seconds * 30; n < end; n += 1) {
      for (let i = 0; i < SAMPLES; i += 1) {
        const x = Math.fround(sound((n * SAMPLES + i) / 48_000));
        block[2 * i] = x;
        block[2 * i + 1] = x;
      }
      watch.hear(frameIndex(n), block, SAMPLES);
    }
  }
  return events;
}
const reported = (events: readonly WatchEvent[]): string[] => events.map((e) => `${e.active ? '+' : '-'}${e.kind}`);

t.test('reports nothing about speech, or speech over music', async (t) => {
  t.same(reported(hear([[speech, 10]])), []);
  t.same(reported(hear([[(s) => speech(s) + music(s), 10]])), []);
});

t.test('reports silence first and dead air later, and both end with speech', async (t) => {
  const events = hear([
    [speech, 5],
    [silence, 8],
    [speech, 3],
  ]);
  t.same(reported(events), ['+silent', '+dead-air', '-silent', '-dead-air']);
  t.equal(events[0]!.rule, '5.10');
  t.equal(events[1]!.rule, '5.8');
  t.ok(Math.abs(events[0]!.since - 150) <= 2, `silent since ${events[0]!.since}`);
  t.ok(events[1]!.since >= 150 && events[1]!.since <= 185, `nobody spoke since ${events[1]!.since}`);
});

t.test('a pause shorter than the hold is not a fault', async (t) => {
  t.same(
    reported(
      hear([
        [speech, 5],
        [silence, 1.5],
        [speech, 3],
      ]),
    ),
    [],
  );
});

t.test('music, a loud tone and loud noise are dead air', async (t) => {
  for (const sound of [music, tone(0.3), () => 0.3 * (random() * 2 - 1)]) {
    t.same(
      reported(
        hear([
          [speech, 3],
          [sound, 8],
        ]),
      ),
      ['+dead-air'],
    );
  }
});

t.test('full-scale and flat-topped sound is clipped, loud clean sound is not', async (t) => {
  const cut =
    (sound: Sound, at: number): Sound =>
    (s) =>
      Math.max(-at, Math.min(at, sound(s)));
  const only = { deadAirMs: 60_000 };
  t.same(reported(hear([[cut(tone(2), 1), 4]], only)), ['+clipped'], 'at full scale');
  t.same(reported(hear([[cut(tone(1, 300), 0.5), 4]], only)), ['+clipped'], 'clipped before it was turned down');
  for (const hz of [30, 50, 440, 3000]) t.same(reported(hear([[tone(0.98, hz), 4]], only)), [], `${hz} Hz`);
  t.same(
    reported(
      hear(
        [
          [cut(tone(2), 1), 4],
          [speech, 4],
        ],
        only,
      ),
    ),
    ['+clipped', '-clipped'],
  );
});
