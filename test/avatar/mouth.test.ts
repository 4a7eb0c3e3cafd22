import { join } from 'node:path';
import t from 'tap';
import type { Mixer } from '../../src/audio/mixer.js';
import { GestureLane } from '../../src/avatar/gesture-lane.js';
import { heardSounds } from '../../src/avatar/heard-sounds.js';
import { articulationsOf, FULL_OPENNESS, mouthTrack } from '../../src/avatar/mouth-track.js';
import type { GestureData } from '../../src/avatar/presenter-data.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { SpeechLane } from '../../src/avatar/speech-lane.js';
import { silentLog } from '../../src/core/log.js';
import { DRAW_STRIDE, type DrawList } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { type MouthTrack, type PhonemeTiming, VISEMES } from '../../src/core/speech.js';
import { frameIndex, type FrameRate } from '../../src/core/time.js';
import { takeShowCommand } from '../../src/loop/show-taker.js';
import type { SceneRuntime } from '../../src/scene/scene-runtime.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import { sampled } from '../kit/whole.js';
import { loadPack, writePack } from './filmed/film-rig.js';
import { frame, kernels, loader, rate, steady } from './presenter-rig.js';

t.test('cut lanes', async (t) => {
  const at = (lane: { at(n: ReturnType<typeof frameIndex>): void }, n: number): void => lane.at(frameIndex(n));

  t.test('shuts the mouth of a cut line, and goes on with the next', async (t) => {
    const lane = new SpeechLane(rate);
    lane.add(frameIndex(10), steady('aa', 100));
    lane.cut(frameIndex(10), frameIndex(40));
    lane.add(frameIndex(42), steady('O', 20));
    at(lane, 39);
    t.equal(lane.openness, 255);
    at(lane, 40);
    t.equal(lane.openness, 0);
    at(lane, 42);
    t.equal(lane.openness, 255);
    at(lane, 200);
    t.equal(lane.talk, 0);
  });

  t.test('drops a line that has not begun', async (t) => {
    const lane = new SpeechLane(rate);
    lane.add(frameIndex(10), steady('aa', 20));
    lane.add(frameIndex(40), steady('O', 20));
    lane.cut(frameIndex(40), frameIndex(40));
    at(lane, 45);
    t.equal(lane.openness, 0);
    lane.cut(frameIndex(99), frameIndex(99));
    at(lane, 60);
    t.equal(lane.talk, 0, 'an unknown line changes nothing');
  });

  const gesture = (name: string): GestureData =>
    ({
      name,
      inMs: 200,
      holdMs: 400,
      outMs: 200,
      beats: 1,
      nods: 0,
      lean: 0,
      gaze: 0,
      brows: 0,
    }) as unknown as GestureData;

  t.test('drops the gesture of a line that never comes, but no gesture that has begun', async (t) => {
    const lane = new GestureLane([gesture('wave'), gesture('point')], rate);
    lane.add(frameIndex(10), 'wave');
    lane.add(frameIndex(60), 'point');
    at(lane, 20);
    lane.cancel(frameIndex(10));
    lane.cancel(frameIndex(60));
    at(lane, 21);
    t.equal(lane.current?.name, 'wave', 'the arm does not jump');
    at(lane, 65);
    t.equal(lane.current, null);
    lane.add(frameIndex(70), 'point');
    at(lane, 75);
    t.equal(lane.current?.name, 'point', 'its time is free again');
  });
});

t.test('heard sounds', async (t) => {
  const RATE = { num: 30, den: 1 };
  const TEXTS = [
    ['en', 'en-US', 'Good evening everybody, this kettle boils one litre of water in under four minutes.'],
    ['en', 'en-US+f3', 'We are so happy to show you our new blue bowl, made of bamboo and steel.'],
    ['es', 'es', 'Buenas tardes, esta taza blanca conserva el café caliente durante toda la mañana.'],
    ['de', 'de', 'Guten Abend, diese große Kanne hält den Tee viele Stunden lang warm.'],
    ['zh', 'cmn', '大家晚上好，这款保温杯可以保温十二个小时。'],
  ] as const;

  function correlation(a: Uint8Array, b: Uint8Array): number {
    const mean = (x: Uint8Array): number => x.reduce((sum, one) => sum + one, 0) / x.length;
    const [ma, mb] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.length; i += 1) {
      ab += (a[i]! - ma) * (b[i]! - mb);
      aa += (a[i]! - ma) ** 2;
      bb += (b[i]! - mb) ** 2;
    }
    return ab / Math.sqrt(aa * bb);
  }

  t.test('opens the mouth for a voice as its phonemes would', async (t) => {
    const speech = new SpeechService({ log: silentLog });
    t.teardown(() => speech.close());
    await speech.start();
    const { signal } = new AbortController();
    for (const [language, voice, text] of sampled(TEXTS, 2)) {
      const { pcm, phonemes } = await speech.speak({ id: 'a', text, language, voice, provider: 'espeak' }, signal);
      const real = mouthTrack(phonemes, pcm.length, RATE);
      const heard = mouthTrack(heardSounds(pcm), pcm.length, RATE);
      t.equal(heard.openness.length, real.openness.length);
      const found = correlation(heard.openness, real.openness);
      t.ok(found >= 0.6, `${voice}: correlation of openness ${found.toFixed(2)}`);
      const quiet = pcm.map((x) => x * 0.05);
      t.ok(correlation(mouthTrack(heardSounds(quiet), pcm.length, RATE).openness, real.openness) >= 0.6, 'and quietly');
      t.same(heardSounds(pcm), heardSounds(pcm.slice()), 'the same sound gives the same mouth');
    }
  });

  t.test('keeps the mouth shut in silence and in faint noise', async (t) => {
    t.same(heardSounds(new Float32Array(48_000)), []);
    let seed = 1;
    const noise = Float32Array.from({ length: 48_000 }, () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return (seed / 2_147_483_647 - 0.5) * 1e-4;
    });
    t.same(heardSounds(noise), []);
    t.same(heardSounds(new Float32Array(0)), []);
  });

  t.test('classes a pure vowel by its formants', async (t) => {
    /** Pulses at 110 Hz through resonators: an artificial vowel (Klatt 1980). */
    const vowel = (formants: readonly number[]): Float32Array => {
      let x = Float64Array.from({ length: 24_000 }, (_, i) => (i % 436 === 0 ? 1 : 0));
      // A voice falls by 12 dB an octave, and lips lift it by 6.
      for (let i = 1; i < x.length; i += 1) x[i] = x[i]! + 0.97 * x[i - 1]!;
      for (const hz of formants) {
        const r = Math.exp((-Math.PI * 80) / 48_000);
        const [b, c] = [2 * r * Math.cos((2 * Math.PI * hz) / 48_000), -r * r];
        const y = new Float64Array(x.length);
        for (let i = 0; i < x.length; i += 1) y[i] = (1 - b - c) * x[i]! + b * (y[i - 1] ?? 0) + c * (y[i - 2] ?? 0);
        x = y;
      }
      const peak = x.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      return Float32Array.from(x, (one) => (0.5 * one) / peak);
    };
    const shown = (formants: readonly number[]): string => {
      const { viseme } = mouthTrack(heardSounds(vowel(formants)), 24_000, RATE);
      return VISEMES[viseme[7]!]!;
    };
    t.equal(shown([750, 1250, 2600]), 'aa');
    t.equal(shown([290, 2250, 3000]), 'I');
    t.equal(shown([310, 800, 2300]), 'U');
    t.equal(shown([550, 1800, 2500]), 'E');
  });
});

t.test('listening', async (t) => {
  const load = loader(t);
  const mei = await load('mei');
  const leo = await load('leo', { x: 300, y: 20, width: 240, height: 300 });
  const EYES_DOWN = 4;

  /** Whether any head of the presenter shows these eyes. */
  const eyes = (data: typeof mei, items: readonly number[], which: number): boolean => {
    const wanted = new Set([...data.sway, ...data.nod].map((head) => data.sprites[head.eyes[which]!]!.id));
    return items.some((id, i) => i % DRAW_STRIDE === 0 && wanted.has(id));
  };
  const between = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

  t.test('a comment on the picture is read and listened to by somebody who is silent', async (t) => {
    const plain = new PresenterRuntime(mei, rate, 7);
    const listening = new PresenterRuntime(mei, rate, 7);
    listening.listen(frameIndex(60), 78);
    let down = 0;
    let other = 0;
    for (const n of between(0, 200)) {
      const [a, b] = [frame(plain, n), frame(listening, n)];
      if (n < 60 || n > 140) t.same(b, a, `frame ${n} is as without a comment`);
      if (n >= 70 && n < 94 && eyes(mei, b, EYES_DOWN)) down += 1;
      if (n >= 60 && n < 138 && a.join() !== b.join()) other += 1;
    }
    t.ok(down > 12, `reads it: ${down} of 24 frames`);
    t.ok(other > 50, `listens: ${other} of 78 frames`);
  });

  t.test('whoever speaks goes on speaking to the viewers', async (t) => {
    const plain = new PresenterRuntime(mei, rate, 7);
    const speaking = new PresenterRuntime(mei, rate, 7);
    for (const one of [plain, speaking]) one.speak(frameIndex(20), steady('aa', 200));
    speaking.listen(frameIndex(90), 60);
    for (const n of between(0, 190)) t.same(frame(speaking, n), frame(plain, n), `frame ${n}`);
  });

  t.test('of two on stage, the silent one listens to a comment', async (t) => {
    const host = new PresenterRuntime(mei, rate, 7);
    const assistant = new PresenterRuntime(leo, rate, 8);
    const quiet = new PresenterRuntime(mei, rate, 7);
    const parts = { presenter: host, assistant, scene: {} as SceneRuntime, mixer: {} as Mixer };
    assistant.speak(frameIndex(20), steady('aa', 200));
    takeShowCommand({ type: 'listen', atFrame: frameIndex(60), frames: 60 }, parts);
    let down = 0;
    for (const n of between(0, 120)) {
      frame(assistant, n);
      frame(quiet, n);
      if (n >= 70 && n < 94 && eyes(mei, frame(host, n), EYES_DOWN)) down += 1;
    }
    t.ok(down > 12, `${down} of 24 frames`);
  });

  t.test('the listener looks at the speaker, also at a filmed one', async (t) => {
    const dir = t.testdir();
    const film = await loadPack(await writePack(join(dir, 'pack')), join(dir, 'cache'));
    const silent = (): PresenterRuntime => new PresenterRuntime(mei, rate, 7);
    for (const speaker of [new PresenterRuntime(leo, rate, 8), new PresenterRuntime(film, rate, 8, 0, { kernels })]) {
      const listener = silent();
      const alone = silent();
      listener.standBeside(speaker, 2);
      speaker.speak(frameIndex(20), steady('aa', 200));
      let turned = 0;
      for (const n of between(0, 200)) {
        speaker.paint(frameIndex(n), { push: () => undefined, items: [], count: 0 } as unknown as DrawList);
        const [a, b] = [frame(alone, n), frame(listener, n)];
        if (n > 40 && eyes(mei, b, 2) && a.join() !== b.join()) turned += 1;
      }
      t.ok(turned > 60, `looks there in ${turned} of 160 frames`);
      speaker.close();
    }
  });
});

t.test('mouth track', async (t) => {
  const fps30: FrameRate = { num: 30, den: 1 };
  const rates: readonly FrameRate[] = [
    { num: 25, den: 1 },
    fps30,
    { num: 30000, den: 1001 },
    { num: 60, den: 1 },
    { num: 15, den: 1 },
  ];

  /** `m:60 aɪ:110 _:300`: sounds with lengths in ms. */
  function line(text: string): { phonemes: PhonemeTiming[]; samples: number } {
    const phonemes: PhonemeTiming[] = [];
    let at = 0;
    for (const item of text.split(' ')) {
      const [ipa, length] = item.split(':') as [string, string];
      const samples = Number(length) * 48;
      if (ipa !== '_') phonemes.push({ ipa, startSample: at, endSample: at + samples });
      at += samples;
    }
    return { phonemes, samples: at };
  }
  const names = (track: MouthTrack): string[] => Array.from(track.viseme, (v) => VISEMES[v]!);
  const closed = (track: MouthTrack, f: number): boolean => track.viseme[f] === 1 && track.openness[f] === 0;

  const ENGLISH =
    'h:54 ə:52 l:76 oʊ:107 ɛ:97 v:49 b:34 ɑː:102 d:61 i:106 m:73 aɪ:77 n:84 eɪ:110 m:28 ɪ:44 z:78 m:12 eɪ:157 p:9 s:40 b:20 uː:139';
  const MANDARIN = 'm:60 ei:180 b:30 a:120 p:40 u:90 ʂ:70 ɨ:90 m:25 ən:110';

  t.test('closes the lips on a frame of every m, b and p at any frame rate and offset', async (t) => {
    for (const text of [ENGLISH, MANDARIN]) {
      const { phonemes, samples } = line(text);
      for (const rate of rates) {
        for (const offset of [0, 701]) {
          const track = mouthTrack(phonemes, samples, rate, offset);
          const frameSamples = (48_000 * rate.den) / rate.num;
          for (const p of phonemes.filter((x) => /^[mbp]$/.test(x.ipa))) {
            const first = Math.floor((p.startSample + offset) / frameSamples);
            const last = Math.min(track.viseme.length - 1, Math.floor((p.endSample - 1 + offset) / frameSamples));
            let seen = false;
            for (let f = first; f <= last; f += 1) seen ||= closed(track, f);
            t.ok(seen, `${p.ipa} at ${p.startSample} of ${rate.num}/${rate.den}+${offset}`);
          }
        }
      }
    }
  });

  t.test('keeps every closure in random sequences of sounds', async (t) => {
    const random = seededRandom(7);
    const sounds = ['m', 'b', 'p', 'a', 'uː', 's', 'k', 'f', 'ɔ', 't', 'aɪ', 'w', 'n', '_'];
    for (let round = 0; round < 60; round += 1) {
      const text = Array.from(
        { length: 40 },
        () => `${sounds[Math.floor(random() * sounds.length)]}:${10 + Math.floor(random() * 140)}`,
      ).join(' ');
      const { phonemes, samples } = line(text);
      const track = mouthTrack(phonemes, samples, fps30);
      for (const p of phonemes) {
        if (!/^[mbp]$/.test(p.ipa)) continue;
        const f = Math.floor((p.startSample + p.endSample) / 2 / 1600);
        if (!closed(track, Math.min(f, track.viseme.length - 1))) t.fail(`open at ${p.ipa} in "${text}"`);
      }
    }
    t.pass('none was missed');
  });

  t.test('rests the mouth in silence', async (t) => {
    const { phonemes, samples } = line('_:400 h:60 aɪ:200 _:700 n:60 aʊ:200 _:500');
    const track = mouthTrack(phonemes, samples, fps30);
    t.equal(track.viseme.length, Math.ceil(samples / 1600));
    for (const [from, to] of [
      [0, 9],
      [25, 37],
      [52, track.viseme.length],
    ] as const)
      for (let f = from; f < to; f += 1) t.same([names(track)[f], track.openness[f]], ['sil', 0], `frame ${f}`);
    t.ok(Math.max(...track.openness.subarray(12, 20)) > 150, 'and opens for the vowel');
    const empty = mouthTrack([], 4800, fps30);
    t.same([...empty.viseme, ...empty.openness], [0, 0, 0, 0, 0, 0]);
    t.equal(mouthTrack([], 0, fps30).viseme.length, 0);
  });

  t.test('shuts the mouth on exactly the frames a mute touches', async (t) => {
    const { phonemes, samples } = line('a:600 a:600');
    const open = mouthTrack(phonemes, samples, fps30);
    const muted = mouthTrack(phonemes, samples, fps30, 0, [{ startSample: 8000, endSample: 16_001, rule: '3.2' }]);
    for (let f = 0; f < open.viseme.length; f += 1) {
      if (f >= 5 && f <= 10) t.same([muted.viseme[f], muted.openness[f]], [0, 0], `frame ${f} shut`);
      else t.same([muted.viseme[f], muted.openness[f]], [open.viseme[f], open.openness[f]], `frame ${f} as before`);
    }
  });

  t.test('spreads rounding to neighbouring consonants', async (t) => {
    const spoon = mouthTrack(...args('s:110 k:70 uː:160'), fps30);
    t.equal(names(spoon)[1], 'U', 's before u is said with rounded lips');
    const seen = mouthTrack(...args('s:110 k:70 iː:160'), fps30);
    t.equal(names(seen)[1], 'SS', 's before i is not');
  });

  t.test('moves the lips before a sound is heard', async (t) => {
    const { phonemes, samples } = line('_:100 f:90 aː:300');
    const track = mouthTrack(phonemes, samples, fps30);
    t.equal(names(track)[2], 'FF', 'the frame before the onset already shows it');
  });

  t.test('limits the speed of the mouth', async (t) => {
    const { phonemes, samples } = line(`${ENGLISH} _:300 a:200 _:300 a:200`);
    const track = mouthTrack(phonemes, samples, fps30);
    for (let f = 1; f < track.openness.length; f += 1) {
      const step = track.openness[f]! - track.openness[f - 1]!;
      t.ok(step <= 131 && step >= -168, `frame ${f}: ${step}`);
    }
  });

  t.test('knows the sounds of many languages and ignores diacritics', async (t) => {
    const known = 'ʈʂʰ tɕ ɨ ɤ y ø ɯ ʁ χ ʕ ħ q ɲ ŋ ɭ ʋ ɥ pʰ b̥ d͡ʒ t͡s ã ɔ̃ ɚ ɜː ɾ r ɬ ɓ ʔ';
    for (const ipa of known.split(' ')) t.not(articulationsOf(ipa)[0]!.viseme, 0, ipa);
    t.same(articulationsOf('ˈm'), articulationsOf('m'));
    t.ok(articulationsOf('pʰ')[0]!.closed);
    t.equal(articulationsOf('aɪ').length, 2, 'a diphthong has two looks');
    t.equal(articulationsOf('').at(0)!.viseme, 0);
    for (const ipa of 'aeiouəfszkntdlrwjbmpθʃɔɛɪʊæ') {
      const [look] = articulationsOf(ipa);
      const full = FULL_OPENNESS[look!.viseme]!;
      t.ok(look!.open * 255 <= full * 1.45, `${ipa} is within its viseme's openness`);
    }
  });

  function args(text: string): [PhonemeTiming[], number] {
    const { phonemes, samples } = line(text);
    return [phonemes, samples];
  }
});
