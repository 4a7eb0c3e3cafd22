import { execFileSync } from 'node:child_process';
import t, { type Test } from 'tap';
import { decodeVoice } from '../../src/audio/decode-voice.js';
import { readWav } from '../../src/audio/load-music.js';
import { recogniser as recogniserSection } from '../../src/config/sections/services/recogniser.js';
import { takeover as takeoverSection } from '../../src/config/sections/takeover.js';
import { Resampler } from '../../src/core/audio/resample.js';
import { silentLog } from '../../src/core/log.js';
import { SAMPLE_RATE_HZ } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { HttpRecogniser, wavOf } from '../../src/speech/recogniser/http-recogniser.js';
import { openRecogniser } from '../../src/speech/recogniser/open-recogniser.js';
import type { Recogniser } from '../../src/speech/recogniser/speech-recogniser.js';
import { loudnessOf, maxSpokenMs } from '../../src/takeover/hear-voice.js';
import { hearRecording } from '../../src/takeover/play-recording.js';
import { TakeoverDesk } from '../../src/takeover/takeover-desk.js';
import { LIVE_LIMITS, piecesOf, VoiceChunker, type VoicePiece } from '../../src/takeover/voice-chunker.js';
import { ffmpeg } from '../kit/on-air.js';
import {
  type Answer,
  type Heard,
  type TranscriptionRequest,
  transcriptionServer,
} from '../kit/transcription-server.js';
import { until } from '../kit/until.js';
import { showRig } from '../show/show-rig.js';
import { firstSound, madeUpVoice } from './made-up-voice.js';

t.test('hear recording', async (t) => {
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
});

t.test('takeover desk', async (t) => {
  interface Options {
    readonly takeover?: Record<string, unknown>;
    readonly answer?: (request: TranscriptionRequest) => Answer;
  }

  async function rig(t: Test, { takeover = {}, answer }: Options = {}) {
    const show = showRig(t, ['The lid is made of light oak.', 'The base is steel.', 'It weighs one kilo.']);
    const server = answer && (await transcriptionServer(t, answer));
    const recogniser =
      server && openRecogniser(recogniserSection.parse({ kind: 'http', baseUrl: server.baseUrl, timeoutMs: 5000 }), {});
    const notes: LedgerEntry[] = [];
    const operated: string[] = [];
    const warned: string[] = [];
    const clock = { ms: 0 };
    const judge = new TextJudge({ actions: new RuleActions({}) });
    const desk = new TakeoverDesk({
      config: takeoverSection.parse(takeover),
      agenda: show.agenda,
      runner: show.runner,
      say: async (text) => {
        const added = show.agenda.add({ kind: 'takeover', text, interrupt: true });
        return { id: added?.id ?? '', result: 'queued', hits: [] };
      },
      recogniser,
      noVoice: recogniser === undefined ? 'no section recogniser in the room file' : '',
      language: () => 'en',
      judge: (text) => judge.judge(text, { surface: 'speech', language: 'en', entry: [] }).hits,
      decode: (bytes, signal) => decodeVoice(bytes, ffmpeg, signal),
      link: async () => {
        throw new Error('not in this test');
      },
      note: (entry) => notes.push(entry),
      operated: (action, detail) => operated.push(`${action} ${Object.values(detail).join(' ')}`),
      log: { ...silentLog, warn: (_fields: object, text: string) => void warned.push(text) },
      nowMs: () => clock.ms,
    });
    t.teardown(() => desk.close());
    const ids = (): string[] => show.heard().map((one) => one.split(' ')[0]!);
    return { show, desk, notes, operated, warned, clock, ids, requests: server?.requests ?? [] };
  }

  t.test('holds the script while it lasts, and a line of the person cuts in', async (t) => {
    const { show, desk, ids, operated } = await rig(t);
    await show.to(36);
    t.match(await show.command(desk.begin('text')), { on: true, mode: 'text', repliesWait: true });
    await desk.say({ text: 'Hello from me.' });
    await show.settle();
    await show.to(400);
    t.same(ids(), ['s0.0.0', 'takeover-1'], 'nothing of the script follows');
    await desk.end();
    await show.settle();
    await show.to(600);
    t.same(ids(), ['s0.0.0', 'takeover-1', 's0.0.0~1', 's0.0.1', 's0.0.2'], 'the cut line starts again');
    t.same(operated, ['takeover text', 'takeover-end given back']);
  });

  t.test('answers to viewers wait, or go on by setting', async (t) => {
    for (const replies of ['wait', 'go-on'] as const) {
      const { show, desk, ids } = await rig(t, { takeover: { replies } });
      await show.command(desk.begin('text'));
      show.agenda.add({ kind: 'reply', text: 'Yes, we have it.' });
      show.agenda.add({ kind: 'timed', text: 'Every hour we talk.' });
      await show.to(60);
      t.same(ids(), replies === 'wait' ? [] : ['reply-1'], replies);
      await desk.end();
      await show.settle();
      await show.to(120);
      t.same(ids().slice(0, 2), ['reply-1', 'timed-1'], 'and come afterwards');
    }
  });

  t.test('leaves a script held that was held before', async (t) => {
    const { show, desk } = await rig(t);
    await show.command(show.runner.pause());
    await show.command(desk.begin('text'));
    await desk.end();
    await show.settle();
    t.equal(show.runner.paused, true);
  });

  t.test('gives the show back by itself when the person is silent for too long', async (t) => {
    const { show, desk, clock, warned, operated } = await rig(t, { takeover: { maxIdleMs: 10_000 } });
    await show.command(desk.begin('text'));
    clock.ms = 9900;
    t.equal(desk.state().on, true);
    clock.ms = 10_100;
    await until('the takeover ends', () => !desk.state().on);
    await show.settle();
    t.equal(show.runner.paused, false);
    t.match(desk.state(), { on: false, timedOut: true });
    t.match(warned, [/silent for too long/]);
    t.same(operated, ['takeover text', 'takeover-end silent for too long']);
    clock.ms += 61_000;
    t.equal(desk.state().timedOut, false);
  });

  t.test('refuses voices without a recogniser, and lines without a takeover', async (t) => {
    const { desk, show } = await rig(t, { takeover: { quickPhrases: [{ id: 'hi', text: 'Hello.' }] } });
    for (const mode of ['audio', 'microphone'] as const)
      await t.rejects(desk.begin(mode), { code: 'E_RECOGNISER_MISSING', found: /no section recogniser/ });
    await t.rejects(desk.say({ text: 'Hello' }), { code: 'E_TAKEOVER_OFF' });
    await show.command(desk.begin('text'));
    await t.rejects(desk.audio(Buffer.alloc(9)), { code: 'E_RECOGNISER_MISSING' });
    await t.rejects(desk.offer('v=0'), { code: 'E_RECOGNISER_MISSING' });
    await t.rejects(desk.say({ phrase: 'ho' }), { code: 'E_NOT_FOUND', expected: 'one of hi' });
    t.match(await desk.say({ phrase: 'hi' }), { result: 'queued' });
  });

  t.test('plays a recording with its own sound, and mutes its forbidden words', async (t) => {
    const answer = ({ pcm, rateHz }: TranscriptionRequest): Answer => {
      const at = firstSound(pcm, rateHz);
      const words = ['Hello', 'call', '138', '1234', '5678'].map((word, i) => ({
        word,
        start: at + i * 0.5,
        end: at + i * 0.5 + 0.4,
      }));
      return { text: words.map(({ word }) => word).join(' '), words };
    };
    const { show, desk, requests } = await rig(t, { answer });
    await show.command(desk.begin('audio'));
    const voice = madeUpVoice(
      3500,
      [300, 800, 1300, 1800, 2300].map((ms) => [ms, ms + 400] as const),
    );
    const played = await desk.audio(wavOf(voice, 48_000), 'Hello, and an innocent caption');
    t.match(played, { lines: 1, text: 'Hello call 138 1234 5678', hits: [{ rule: '3.2', action: 'mute' }] });
    t.equal(requests.length, 1);
    await show.to(200);
    const line = show.speaks().find(({ id }) => id === 'takeover-1')!;
    const at = firstSound(line.pcm, 48_000);
    t.ok(line.mutes.some((m) => m.startSample <= (at + 1) * 48_000 && m.endSample >= (at + 2.4) * 48_000));
    t.ok(
      line.mouth.openness.some((x) => x > 60),
      'the lips follow the sound',
    );
  });

  t.test('refuses a recording without words, and files that are no sound', async (t) => {
    const { show, desk } = await rig(t, { answer: () => ({ text: '' }) });
    await show.command(desk.begin('audio'));
    const voice = wavOf(madeUpVoice(2000, [[200, 1500]]), 48_000);
    await t.rejects(desk.audio(voice), { code: 'E_ASSET_INVALID', expected: /words/ });
    await t.rejects(desk.audio(Buffer.from('#EXTM3U\nfile:///etc/passwd\n')), { code: 'E_ASSET_INVALID' });
    await t.rejects(desk.audio(voice.subarray(0, 30)), { code: 'E_ASSET_INVALID' });
    t.equal(show.agenda.length, 0);
  });

  t.test('plays nothing of a recording whose words are not known', async (t) => {
    const { show, desk } = await rig(t, { answer: () => ({ status: 400 }) });
    await show.command(desk.begin('audio'));
    const voice = wavOf(madeUpVoice(2000, [[200, 1500]]), 48_000);
    await t.rejects(desk.audio(voice, 'These are my words'), { code: 'E_RECOGNISER_FAILED' });
    t.equal(show.agenda.length, 0);
  });
});

t.test('unheard words', async (t) => {
  const HELLO = 'Hello everyone.';
  const NUMBERS: readonly (readonly [voice: string, text: string])[] = [
    [
      'en',
      'Please call one three eight zero zero one three eight zero zero zero, or write to kettle king on whatsapp.',
    ],
    ['cmn', '请打电话一三八零零一三八零零零，或者加微信水壶之王。'],
    ['de', 'Bitte anrufen unter eins drei acht null null eins drei acht null null null.'],
  ];

  const hasEspeak = ((): boolean => {
    try {
      execFileSync('espeak-ng', ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  const skip = hasEspeak ? false : 'espeak-ng is not installed';

  /** A text as spoken by eSpeak NG, at 48 kHz, without the silence at both ends. */
  function speak(voice: string, text: string): Float32Array {
    const wav = readWav(execFileSync('espeak-ng', ['-v', voice, '--stdout', text], { maxBuffer: 1 << 24 }), 'espeak')!;
    const pcm = new Resampler(wav.sampleRateHz, SAMPLE_RATE_HZ).convert(wav.pcm);
    const isSound = (x: number): boolean => Math.abs(x) > 0.01;
    return pcm.slice(pcm.findIndex(isSound), pcm.findLastIndex(isSound) + 1);
  }

  function joined(...parts: readonly Float32Array[]): Float32Array {
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  const pause = (seconds: number): Float32Array => new Float32Array(Math.round(seconds * SAMPLE_RATE_HZ));
  const seconds = (pcm: Float32Array): number => pcm.length / SAMPLE_RATE_HZ;

  /** What is heard of a recording. */
  async function heardOf(t: Test, recording: Float32Array, answer: (index: number) => Heard): Promise<Float32Array> {
    const { baseUrl } = await transcriptionServer(t, (_, number) => answer(number - 1));
    const recogniser = new HttpRecogniser({ baseUrl, model: 'm', timeoutMs: 4000 });
    const pieces = await hearRecording(recording, { recogniser, language: 'en', signal: new AbortController().signal });
    return joined(...pieces.map(({ utterance }) => utterance.pcm));
  }

  const energy = (pcm: Float32Array): number => pcm.reduce((sum, x) => sum + x * x, 0);

  for (const [voice, text] of NUMBERS) {
    t.test(`a number that the recogniser leaves out is not heard (${voice})`, { skip }, async (t) => {
      const hello = speak('en', HELLO);
      const number = speak(voice, text);
      const recording = joined(pause(0.3), hello, pause(0.15), number, pause(0.3));
      const [from, to] = [0.3, 0.3 + seconds(hello)];
      const end = seconds(recording);
      const half = from + (to - from) * 0.42;
      const words = [
        { word: 'Hello', start: from, end: half },
        { word: 'everyone', start: half, end: to },
      ];
      const rows: readonly (readonly [row: string, answer: Heard])[] = [
        ['the times of one word reach over all of it', { text: 'Hello', words: [{ word: 'Hello', start: 0, end }] }],
        [
          'one word and a last one',
          {
            text: 'Hello bye',
            words: [
              { word: 'Hello', start: 0, end: end - 0.2 },
              { word: 'bye', start: end - 0.2, end },
            ],
          },
        ],
        ['true times', { text: 'Hello everyone', words }],
        ['the last word reaches to the end', { text: 'Hello everyone', words: [words[0]!, { ...words[1]!, end }] }],
      ];
      for (const [row, answer] of rows) {
        const heard = await heardOf(t, recording, (index) => (index === 0 ? answer : { text: '' }));
        // The first piece is heard from its beginning, which lies up to 160 ms before the greeting.
        const after = heard.subarray(Math.round((seconds(hello) + 0.16 + 0.15 + 0.35) * SAMPLE_RATE_HZ));
        t.ok(energy(after) <= 0.01 * energy(number), `${row}: ${(energy(after) / energy(number)).toFixed(4)}`);
      }
      for (const answer of [
        { text: 'Hello everyone' },
        { text: 'Hello', segments: [{ text: 'Hello', start: 0, end }] },
      ])
        await t.rejects(
          heardOf(t, recording, () => answer),
          { code: 'E_RECOGNISER_FAILED' },
        );
    });

    t.test(`nor is one that is spoken 25 dB lower (${voice})`, { skip }, async (t) => {
      const hello = speak('en', HELLO);
      const number = speak(voice, text).map((x) => x * 10 ** (-25 / 20));
      const recording = joined(pause(0.3), hello, pause(0.15), number, pause(0.3));
      const words = [
        { word: 'Hello', start: 0.3, end: 0.6 },
        { word: 'everyone', start: 0.6, end: 0.3 + seconds(hello) },
      ];
      const heard = await heardOf(t, recording, (i) => (i === 0 ? { text: 'Hello everyone', words } : { text: '' }));
      const after = heard.subarray(Math.round((seconds(hello) + 0.16 + 0.15 + 0.35) * SAMPLE_RATE_HZ));
      t.ok(energy(after) <= 0.01 * energy(number), `${(energy(after) / energy(number)).toFixed(4)}`);
    });
  }

  t.test('words with true times keep their sound', { skip }, async (t) => {
    for (const [voice, words] of [
      ['en', ['Good', 'evening', 'and', 'welcome', 'the', 'kettle', 'boils', 'one', 'litre', 'in', 'two', 'minutes']],
      ['en -s 110', ['The', 'lid', 'is', 'made', 'of', 'light', 'oak', 'and', 'costs', '199', 'dollars', '50%', 'OEM']],
      ['cmn', ['大家', '晚上', '好', '今天', '介绍', '不锈钢', '水壶', '价格', '35', '元']],
      ['de', ['Herzlich', 'willkommen', 'Bedienungsanleitung', 'und', 'Garantie']],
      ['ja', ['こんにちは', 'ようこそ', 'ケトル']],
    ] as const) {
      const [name, ...flags] = voice.split(' ');
      const sounds = words.map((word) => {
        const wav = execFileSync('espeak-ng', ['-v', name!, ...flags, '--stdout', word], { maxBuffer: 1 << 24 });
        const { pcm, sampleRateHz } = readWav(wav, 'espeak')!;
        return new Resampler(sampleRateHz, SAMPLE_RATE_HZ).convert(pcm.slice(0, pcm.findLastIndex((x) => x !== 0) + 1));
      });
      const recording = joined(pause(0.3), ...sounds, pause(0.3));
      // All in one piece: a recogniser is asked piece by piece.
      let at = 0.3;
      const timed = words.map((word, i) => ({ word, start: at, end: (at += seconds(sounds[i]!)) }));
      let begin = 0;
      const { baseUrl } = await transcriptionServer(t, ({ pcm, rateHz }) => {
        const end = begin + pcm.length / rateHz;
        const here = timed.filter(({ start }) => start + 0.15 >= begin && start + 0.15 < end);
        const shifted = here.map((one) => ({
          word: one.word,
          start: Math.max(0, one.start - begin),
          end: Math.min(one.end, end) - begin,
        }));
        begin = end;
        return { text: here.map(({ word }) => word).join(' '), words: shifted };
      });
      const recogniser = new HttpRecogniser({ baseUrl, model: 'm', timeoutMs: 4000 });
      const pieces = await hearRecording(recording, {
        recogniser,
        language: 'en',
        signal: new AbortController().signal,
      });
      const heard = pieces.reduce((sum, { utterance }) => sum + energy(utterance.pcm), 0);
      t.ok(heard > 0.99 * energy(recording), `${voice}: ${(heard / energy(recording)).toFixed(4)}`);
    }
  });

  t.test('a word takes at most what its letters can take', (t) => {
    t.equal(maxSpokenMs('Hello', true), 850);
    t.equal(maxSpokenMs('水壶', true), 950);
    t.equal(maxSpokenMs('OEM', true), 1150, 'spelled');
    t.equal(maxSpokenMs('OEM', false), 610, 'all is written in capitals');
    t.ok(maxSpokenMs('199', true) > 2000);
    t.end();
  });
});

t.test('voice chunker', async (t) => {
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
});
