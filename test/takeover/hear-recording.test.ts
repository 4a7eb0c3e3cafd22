import t from 'tap';
import { SAMPLE_RATE_HZ } from '../../src/core/time.js';
import { hearRecording } from '../../src/takeover/play-recording.js';
import { piecesOf } from '../../src/takeover/voice-chunker.js';
import { loudnessOf } from '../../src/takeover/hear-voice.js';
import type { Recogniser } from '../../src/speech/recogniser/recogniser.js';
import { madeUpVoice } from './made-up-voice.js';

const recogniser: Recogniser = {
  name: 'the same word for all',
  recognise: () =>
    Promise.resolve({ text: 'Hello', words: [{ text: 'Hello', startMs: 160, endMs: 800 }], segments: [] }),
  close: () => Promise.resolve(),
};
const voice = madeUpVoice(
  60_000,
  Array.from({ length: 10 }, (_, i) => [i * 6000 + 300, i * 6000 + 5500] as const),
);

t.test('leaves time to other work between two seconds of a recording, and between its pieces', async (t) => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const pieces = await hearRecording(voice, { recogniser, language: 'en', signal: new AbortController().signal });
  clearInterval(timer);
  t.ok(turns >= 30, `${turns} turns`);
  const whole = piecesOf(voice, { minMs: 5000, maxMs: 15_000 });
  t.equal(pieces.length, whole.length, 'the pieces of the whole');
  for (const [i, { utterance }] of pieces.entries()) {
    t.equal(utterance.pcm.length, whole[i]!.pcm.length);
    t.ok(Math.abs(utterance.loudnessLufs - loudnessOf(voice)) < 1e-9, 'as loud as the whole');
  }
});

t.test('ends at once when nobody waits for it any more', async (t) => {
  const stop = new AbortController();
  const hearing = hearRecording(new Float32Array(300 * SAMPLE_RATE_HZ), {
    recogniser,
    language: 'en',
    signal: stop.signal,
  });
  setImmediate(() => stop.abort(new Error('given back')));
  await t.rejects(hearing, { message: 'given back' });
});
