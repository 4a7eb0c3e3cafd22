import t, { type Test } from 'tap';
import { Mixer } from '../../src/audio/mixer.js';
import { silentLog } from '../../src/core/log.js';
import { SAMPLE_RATE_HZ, sampleIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { LiveVoice } from '../../src/takeover/live-voice.js';
import { HttpRecogniser } from '../../src/speech/recogniser/http-recogniser.js';
import { type Answer, transcriptionServer, type TranscriptionRequest } from '../kit/transcription-server.js';
import { showRig, type Speak } from '../show/show-rig.js';
import { firstSound, madeUpVoice } from './made-up-voice.js';

type Words = readonly (readonly [word: string, start: number, end: number])[];

/** Words with times from the first sound of the piece on. */
const heard = ({ pcm, rateHz }: TranscriptionRequest, words: Words): Answer => {
  const at = firstSound(pcm, rateHz);
  return {
    text: words.map(([word]) => word).join(' '),
    words: words.map(([word, start, end]) => ({ word, start: at + start, end: at + end })),
  };
};

async function rig(t: Test, answer: (request: TranscriptionRequest, number: number) => Answer | Promise<Answer>) {
  const server = await transcriptionServer(t, answer);
  const show = showRig(t, ['The lid is made of light oak.'], { room: { audio: { roomTone: false } } });
  await show.command(show.runner.pause());
  const notes: LedgerEntry[] = [];
  const voice = new LiveVoice({
    recogniser: new HttpRecogniser({ baseUrl: server.baseUrl, model: 'm', timeoutMs: 4000 }),
    agenda: show.agenda,
    language: () => 'en',
    delayMs: 6000,
    nowMs: () => performance.now(),
    log: silentLog,
    note: (entry) => notes.push(entry),
    onSpeech: () => undefined,
  });
  t.teardown(() => voice.close());
  const play = async (pcm: Float32Array): Promise<void> => {
    voice.push(pcm);
    voice.end();
    await voice.drained();
    for (let i = 0; i < 5; i += 1) await show.to(show.frame() + 60);
  };
  const lines = (): Speak[] => show.speaks().filter(({ id }) => id.startsWith('takeover'));
  return { show, voice, notes, play, lines };
}

/** What the mixer puts out for a line: the level of each tenth of a second of it. */
function mixed({ show }: { show: Awaited<ReturnType<typeof rig>>['show'] }, line: Speak): number[] {
  const mixer = new Mixer({ rate: show.room.rate, audio: show.room.audio });
  mixer.schedule({ ...line, startSample: sampleIndex(0) });
  const block = SAMPLE_RATE_HZ / 10;
  const levels: number[] = [];
  for (let at = 0; at + block <= line.pcm.length; at += block) {
    const out = new Float32Array(2 * block);
    mixer.mix(sampleIndex(at), block, out);
    levels.push(out.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  }
  return levels;
}

/** The tenths of a second that lie wholly between two times of the voice. */
const between = (levels: readonly number[], fromS: number, toS: number): readonly number[] =>
  levels.slice(Math.ceil(fromS * 10), Math.floor(toS * 10));

t.test('a phone number never reaches the mixer, and the words before it do', async (t) => {
  const room = await rig(t, (request) =>
    heard(request, [
      ['Hello', 0, 0.4],
      ['everybody', 0.5, 1],
      ['call', 1.1, 1.4],
      ['138', 1.5, 1.9],
      ['1234', 2, 2.4],
      ['5678', 2.5, 2.9],
    ]),
  );
  const sounds = [200, 700, 1300, 1700, 2200, 2700].map((ms) => [ms, ms + 400] as const);
  await room.play(madeUpVoice(4000, sounds));
  const [line, ...more] = room.lines();
  t.equal(more.length, 0);
  const at = firstSound(line!.pcm, SAMPLE_RATE_HZ);
  const levels = mixed(room, line!);
  t.ok(
    between(levels, at, at + 0.4).every((x) => x > 0.05),
    'the greeting is heard',
  );
  t.equal(Math.max(0, ...between(levels, at + 1.5, at + 2.9)), 0, 'silence where the number is');
  const { openness } = line!.mouth;
  const open = (fromS: number, toS: number): number =>
    Math.max(0, ...openness.slice(Math.ceil((at + fromS) * 30), Math.floor((at + toS) * 30)));
  t.equal(open(1.5, 2.9), 0, 'the mouth is shut meanwhile');
  t.ok(open(0, 1) > 60, 'and open for the greeting');
  const spoken = room.show.notes.filter(({ surface }) => surface === 'speech');
  t.match(spoken, [{ kind: 'text', rule: '3.2', action: 'mute', evidence: '138 1234 5678' }]);
  t.notMatch(JSON.stringify(room.show.captions), /138/, 'nor a caption');
});

t.test('a piece without a verdict in time is silence', async (t) => {
  const room = await rig(t, () => 'never');
  await room.play(madeUpVoice(3000, [[200, 2400]]));
  t.same(room.lines(), []);
  t.match(room.voice.counts, { pieces: 1, scheduled: 0, unjudged: 1 });
  t.match(room.notes, [{ kind: 'audio', action: 'mute', detail: { kind: 'unjudged-voice' } }]);
});

t.test('a number in two pieces is not heard as a whole', async (t) => {
  const room = await rig(t, (request, number) =>
    number === 1
      ? heard(request, [
          ['my', 0, 0.2],
          ['number', 0.2, 0.5],
          ['138', 0.5, 0.8],
          ['1234', 0.8, 1.2],
        ])
      : heard(request, [
          ['5678', 0, 0.9],
          ['bye', 1.1, 1.5],
        ]),
  );
  const sounds = [
    [200, 1400],
    [2400, 3300],
    [3500, 3900],
  ] as const;
  await room.play(madeUpVoice(4200, sounds));
  const [first, second] = room.lines();
  t.ok(first !== undefined && second !== undefined);
  const at = firstSound(second!.pcm, SAMPLE_RATE_HZ);
  t.equal(Math.max(0, ...between(mixed(room, second!), at, at + 0.9)), 0, 'the rest of the number is silent');
});

t.test('pieces keep their order when the first answer is the slowest', async (t) => {
  const gate: { open: () => void } = { open: () => undefined };
  const room = await rig(t, async (request, number) => {
    if (number === 1) await new Promise<void>((resolve) => (gate.open = resolve));
    else gate.open();
    return heard(request, [[number === 1 ? 'first' : 'second', 0, 0.9]]);
  });
  await room.play(
    madeUpVoice(5000, [
      [200, 1100],
      [2600, 3500],
    ]),
  );
  t.same(
    room
      .lines()
      .map(
        ({ id }) =>
          room.show.captions.find(
            ({ startFrame }) => startFrame === room.lines().find((one) => one.id === id)!.startFrame,
          )?.text,
      ),
    ['first', 'second'],
  );
  t.match(room.voice.counts, { pieces: 2, scheduled: 2, unjudged: 0 });
});

t.test('speech that the recogniser left out is silence', async (t) => {
  const room = await rig(t, (request) => heard(request, [['Hello', 0, 0.5]]));
  await room.play(
    madeUpVoice(5000, [
      [200, 700],
      [800, 3400],
    ]),
  );
  const [line] = room.lines();
  const levels = mixed(room, line!);
  const at = firstSound(line!.pcm, SAMPLE_RATE_HZ);
  t.ok(
    between(levels, at, at + 0.5).every((x) => x > 0.01),
    'the recognised word is heard',
  );
  t.equal(Math.max(0, ...between(levels, at + 1, at + 3.2)), 0);
  t.ok(room.voice.counts.silencedMs >= 2000);
});

t.test('a piece in which no word is recognised is silence', async (t) => {
  const room = await rig(t, () => ({ text: '' }));
  await room.play(madeUpVoice(3000, [[200, 2400]]));
  t.same(room.lines(), []);
  t.match(room.voice.counts, { pieces: 1, wordless: 1, scheduled: 0 });
});
