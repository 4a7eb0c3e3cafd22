import t, { type Test } from 'tap';
import { recogniser as recogniserSection } from '../../src/config/sections/services/recogniser.js';
import { takeover as takeoverSection } from '../../src/config/sections/takeover.js';
import { silentLog } from '../../src/core/log.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { decodeVoice } from '../../src/audio/decode-voice.js';
import { TakeoverDesk } from '../../src/takeover/takeover-desk.js';
import { openRecogniser } from '../../src/speech/recogniser/open-recogniser.js';
import { wavOf } from '../../src/speech/recogniser/http-recogniser.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { ffmpeg } from '../kit/on-air.js';
import { type Answer, transcriptionServer, type TranscriptionRequest } from '../kit/transcription-server.js';
import { until } from '../kit/until.js';
import { showRig } from '../show/show-rig.js';
import { firstSound, madeUpVoice } from './made-up-voice.js';

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
