import t from 'tap';
import { SAMPLE_RATE_HZ } from '../../src/core/time.js';
import { LIVE_LIMITS, piecesOf, VoiceChunker, type VoicePiece } from '../../src/takeover/voice-chunker.js';
import { madeUpVoice } from './made-up-voice.js';

const ms = (samples: number): number => (samples * 1000) / SAMPLE_RATE_HZ;
const spans = (pieces: readonly VoicePiece[]): number[][] =>
  pieces.map(({ startSample, pcm }) => [ms(startSample), ms(startSample + pcm.length)]);

t.test('cuts at the first pause after two seconds, and keeps short remarks whole', (t) => {
  const voice = madeUpVoice(9000, [
    ...([
      [500, 1500],
      [1800, 2400],
      [2500, 3100],
    ] as const),
    ...([[3500, 3900]] as const),
    ...([[6000, 6300]] as const),
  ]);
  const found = spans(piecesOf(voice, LIVE_LIMITS));
  t.equal(found.length, 3, JSON.stringify(found));
  const [first, second, third] = found;
  t.ok(first![0]! <= 500 && first![0]! >= 300 && first![1]! >= 3100 && first![1]! <= 3500);
  t.ok(second![0]! <= 3500 && second![0]! >= first![1]! && second![1]! >= 3900, 'no sound is in two pieces');
  t.ok(third![0]! <= 6000 && third![1]! >= 6300);
  t.end();
});

t.test('loses no speech and repeats none, however long the voice goes on', (t) => {
  const voice = madeUpVoice(20_000, [
    [300, 7000],
    [7100, 13_000],
    [13_040, 19_000],
  ]);
  const pieces = piecesOf(voice, LIVE_LIMITS);
  t.ok(
    pieces.every(({ pcm }) => ms(pcm.length) <= 6000),
    JSON.stringify(spans(pieces)),
  );
  const again = new Float32Array(voice.length);
  let end = 0;
  for (const { startSample, pcm } of pieces) {
    t.ok(startSample >= end);
    end = startSample + pcm.length;
    again.set(pcm, startSample);
  }
  t.ok(again.every((x, i) => x === voice[i]));
  t.end();
});

t.test('cuts a voice without pauses at its quietest moment', (t) => {
  const voice = madeUpVoice(8000, [
    [100, 5200],
    [5240, 8000],
  ]);
  const [first] = spans(piecesOf(voice, LIVE_LIMITS));
  t.ok(first![1]! >= 5180 && first![1]! <= 5260, JSON.stringify(first));
  t.end();
});

t.test('takes neither silence nor noise nor a click for speech', (t) => {
  let seed = 7;
  const noise = Float32Array.from({ length: 10 * SAMPLE_RATE_HZ }, () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return (seed / 2_147_483_647 - 0.5) * 0.02;
  });
  t.equal(piecesOf(noise, LIVE_LIMITS).length, 0);
  t.equal(piecesOf(madeUpVoice(3000, [[1000, 1020]]), LIVE_LIMITS).length, 0);
  t.same(piecesOf(new Float32Array(0), LIVE_LIMITS), []);
  t.end();
});

t.test('gives the same pieces however the samples arrive', (t) => {
  const voice = madeUpVoice(9000, [
    [500, 1500],
    [1800, 3100],
    [3500, 8000],
  ]);
  const pieces: VoicePiece[] = [];
  const chunker = new VoiceChunker((piece) => pieces.push(piece));
  for (let at = 0; at < voice.length; at += 731) chunker.push(voice.subarray(at, at + 731));
  chunker.end();
  t.same(spans(pieces).slice(0, 2), spans(piecesOf(voice, LIVE_LIMITS)).slice(0, 2));
  t.end();
});
