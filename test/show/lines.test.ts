import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import type { Layer } from '../../src/config/sections/layer.js';
import { type Script, script as scriptSchema } from '../../src/config/sections/script.js';
import { voice } from '../../src/config/sections/voice.js';
import { silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import type { LineOutcome } from '../../src/show/agenda/agenda.js';
import { judgeSpoken } from '../../src/show/judge-spoken.js';
import { findLine, markLine } from '../../src/show/line-mark.js';
import { LineSchedule } from '../../src/show/line-schedule.js';
import { lineVoice } from '../../src/show/line-voice.js';
import { LineLayers } from '../../src/show/placing/line-layers.js';
import { Rundown } from '../../src/show/rundown.js';
import type { ShowCommand, ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { speakAhead } from '../../src/show/speak-ahead.js';
import type { SpeechRequest } from '../../src/speech/speech-service.js';
import { spokenText } from '../../src/speech/spoken-text.js';
import { templateRoom } from '../kit/on-air.js';
import { productOf } from '../kit/product-of.js';
import { audible, showRig } from './show-rig.js';

t.test('cut in', async (t) => {
  const LONG = 'The lid is oak. The base is made of dark steel. The cable has two metres.';

  t.test('cuts in at once and starts the cut line again at its sentence', async (t) => {
    const rig = showRig(t, [LONG, 'We ship in cartons.']);
    await rig.to(30 + 18);
    const outcomes: LineOutcome[] = [];
    await rig.add({
      kind: 'operator',
      text: 'One moment please.',
      interrupt: true,
      onOutcome: (o) => outcomes.push(o),
    });
    const cut = rig.cuts().find(({ id }) => id === 's0.0.0')!;
    t.match(cut, { startFrame: 30, atFrame: 50, atSample: 50 * 1600, fadeSamples: 2 * 1600 });
    const line = rig.speaks().find(({ id }) => id === 'say-1')!;
    t.equal(line.startFrame, 52, 'after the fade, 133 ms after the request');
    t.match(outcomes, [{ outcome: 'scheduled', startFrame: 52, endFrame: 61 }]);
    const rest = rig.speaks().find(({ id }) => id === 's0.0.0~1')!;
    t.equal(rest.startFrame, 61);
    t.equal(rest.pcm[0], 5, 'the fifth word begins the second sentence');
    t.equal(rest.pcm.length, 12 * 4800);
    t.same(rig.captions.at(-2), { text: LONG.slice(16), startFrame: 61 });
    t.equal(rig.heard().at(-1), `s0.0.1 ${61 + 36}`, 'then the script goes on');
    t.same(
      rig.spokenLines.filter((text) => text === LONG),
      [LONG],
      'without speaking it again',
    );
    t.ok(rig.cleared.includes(50), 'the caption is cut as well');
  });

  t.test('prepares the speech before it cuts', async (t) => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    const rig = showRig(t, [LONG], { slow: (text) => (text === 'Now.' ? waiting : undefined) });
    await rig.to(40);
    await rig.add({ kind: 'operator', text: 'Now.', interrupt: true });
    await rig.to(60);
    t.same(rig.cuts(), []);
    release();
    await rig.settle();
    t.match(rig.cuts(), [{ id: 's0.0.0', atFrame: 62 }]);
  });

  t.test('lets a second interrupting line follow the first, before the rest of the cut line', async (t) => {
    const rig = showRig(t, [LONG]);
    await rig.to(48);
    await rig.add({ kind: 'operator', text: 'First of all.', interrupt: true });
    await rig.to(54);
    await rig.add({ kind: 'operator', text: 'And second.', interrupt: true });
    t.same(rig.heard(), ['s0.0.0 30', 'say-1 52', 'say-2 61', 's0.0.0~1 67']);
    t.equal(rig.speaks().find(({ id }) => id === 'say-1')!.pcm.length, 3 * 4800);
    t.notOk(rig.cuts().some(({ id }) => id === 'say-1'));
  });

  t.test('cuts a cut line again', async (t) => {
    const rig = showRig(t, [LONG]);
    await rig.to(34);
    await rig.add({ kind: 'operator', text: 'First.', interrupt: true });
    await rig.to(41 + 21);
    await rig.add({ kind: 'operator', text: 'Second.', interrupt: true });
    await rig.to(120);
    const rests = rig.speaks().filter(({ id }) => id.startsWith('s0.0.0~'));
    t.same(
      rests.map(({ id, pcm }) => [id, pcm[0]]),
      [
        ['s0.0.0~1', 1],
        ['s0.0.0~2', 5],
      ],
    );
  });

  t.test('keeps an account silent in the rest of a line whose app was named before the cut', async (t) => {
    const rig = showRig(t, ['We are on WhatsApp too. The name is kettle king eighty eight. The lid is made of oak.']);
    await rig.to(30 + 18);
    await rig.add({
      kind: 'operator',
      text: 'Hello to everyone here. We have many boards today. The boards are light. They are strong as well.',
      interrupt: true,
    });
    await rig.to(160);
    const [whole, , rest] = rig.speaks();
    t.equal(rest!.id, 's0.0.0~1');
    t.equal(rest!.pcm[0], 6);
    t.same(audible(whole!), [13, 14, 15, 16, 17, 18]);
    t.same(audible(rest!), [13, 14, 15, 16, 17, 18]);
    t.notOk(rig.captions.some(({ text }) => text.includes('kettle')));
  });

  t.test(
    'refuses an interrupting line that completes a contact of the line it would cut, and cuts nothing',
    async (t) => {
      const rig = showRig(t, ['138 0013 is a number. The lid is made of oak and the base of steel.']);
      await rig.to(30 + 3);
      const outcomes: LineOutcome[] = [];
      await rig.add({
        kind: 'operator',
        text: '8000 and that is all',
        interrupt: true,
        onOutcome: (o) => outcomes.push(o),
      });
      t.match(outcomes, [{ outcome: 'refused' }]);
      t.same(rig.cuts(), []);
      t.same(
        rig.speaks().map(({ id }) => id),
        ['s0.0.0'],
      );
      t.match(rig.notes.filter(({ action }) => action === 'refuse').length, 1);
    },
  );

  t.test('does not count the part of a line that was never heard', async (t) => {
    const rig = showRig(t, ['The lid is made of oak and steel. We are on WhatsApp too.', 'The name is kettle king.']);
    await rig.to(30 + 3);
    await rig.add({ kind: 'operator', text: 'The name is harbour kettles.', interrupt: true });
    t.ok(
      rig.speaks().some(({ id }) => id === 'say-1'),
      'no app has been named yet',
    );
    await rig.to(200);
    const last = rig.speaks().at(-1)!;
    t.equal(last.id, 's0.0.1');
    t.same(audible(last), [], 'now one has');
  });

  t.test('leaves an account after the app silent when lines come in between', async (t) => {
    const rig = showRig(t, ['The lid is oak. We are on WhatsApp too.', 'The name is kettle king.']);
    await rig.to(30 + 15);
    await rig.add({
      kind: 'operator',
      text: 'Hello all. Welcome here. It is warm. It is late. Sit down.',
      interrupt: true,
    });
    await rig.to(250);
    t.same(audible(rig.speaks().at(-1)!), []);
  });

  t.test('records the findings of a line once, however often it is scheduled', async (t) => {
    const rig = showRig(t, ['The lid is made of oak.', 'We are on WhatsApp too.', 'The base is steel.']);
    await rig.to(33);
    const before = rig.notes.filter(({ action }) => action === 'mute').length;
    t.equal(before, 1);
    await rig.add({ kind: 'operator', text: 'Welcome to you all.' });
    await rig.to(200);
    t.equal(rig.notes.filter(({ action }) => action === 'mute').length, 1);
    t.same(rig.heard(), ['s0.0.0 30', 'say-1 48', 's0.0.1 60', 's0.0.2 75']);
  });
});

t.test('judge spoken', async (t) => {
  const judge = new TextJudge();
  const judged = (text: string, language: string) =>
    judgeSpoken(judge, text, spokenText(text, language), { surface: 'speech', language });

  t.test('locates words that only sound forbidden in the written text', async (t) => {
    for (const [text, language, match] of [
      ['Message me on we😀chat.', 'en', 'Message me on we😀chat'],
      ['加我微😀信。', 'zh', '加我微😀信'],
    ] as const) {
      const { verdict, hits } = judged(text, language);
      t.equal(verdict, 'violation');
      t.match(hits, [{ rule: '3.2', match }], 'once, as a whole');
      t.equal(text.slice(hits[0]!.start, hits[0]!.end), match);
    }
  });

  t.test('reports a written hit once, and accepts harmless lines', async (t) => {
    t.same(
      judged('Add me on <b>WhatsApp</b> 😀 +1 415 555 2671', 'en').hits.map(({ match }) => match),
      ['Add me on <b>WhatsApp', '+1 415 555 2671'],
    );
    for (const text of ['Only $29.99 today 😀', 'Warm [and] bright, £5 off {or more}', 'Hello ❤️']) {
      t.equal(judged(text, 'en').verdict, 'clean', text);
    }
    t.equal(judged('Plain words.', 'en').verdict, 'clean');
  });
});

t.test('line mark', async (t) => {
  const script = (...segments: string[][]): Script =>
    scriptSchema.parse({ segments: segments.map((lines) => ({ lines: lines.map((text) => ({ text })) })) });

  const mark = markLine({ round: 3, segment: 1, line: 1 }, 'four');

  t.test('resumes an unchanged script at the same line', async (t) => {
    t.same(findLine(script(['one', 'two'], ['three', 'four']), mark), { round: 3, segment: 1, line: 1 });
  });

  t.test('finds a moved line by its text, the nearest of several', async (t) => {
    t.same(findLine(script(['one', 'two'], ['zero', 'three', 'four']), mark), { round: 3, segment: 1, line: 2 });
    t.same(findLine(script(['four', 'two'], ['four', 'three']), mark), { round: 3, segment: 1, line: 0 });
  });

  t.test(
    "falls back to the segment's start for a missing line, and to the script's for a missing segment",
    async (t) => {
      t.same(findLine(script(['one'], ['three', 'five']), mark), { round: 3, segment: 1, line: 0 });
      t.same(findLine(script(['one', 'two']), mark), { round: 3, segment: 0, line: 0 });
    },
  );
});

t.test('line schedule', async (t) => {
  const rate = { num: 30, den: 1 };
  const second = { samples: 48_000, product: undefined, pauseMs: undefined };

  t.test('schedules lines by their lengths and the gap', async (t) => {
    const schedule = new LineSchedule(rate, 500);
    t.match(schedule.place(second, frameIndex(0)), { startFrame: 30, endFrame: 60, startSample: 48_000, moved: false });
    t.match(schedule.place({ ...second, pauseMs: 0 }, frameIndex(0)), { startFrame: 75, endFrame: 105 });
    t.match(schedule.place(second, frameIndex(0)), { startFrame: 105 });
  });

  t.test('ignores the present frame while a line is in time', async (t) => {
    const a = new LineSchedule(rate, 500);
    const b = new LineSchedule(rate, 500);
    for (const now of [0, 3, 40, 70]) t.same(a.place(second, frameIndex(0)), b.place(second, frameIndex(now)));
  });

  t.test('moves a late line to the first reachable frame', async (t) => {
    const schedule = new LineSchedule(rate, 500);
    t.match(schedule.place(second, frameIndex(100)), { startFrame: 112, moved: true });
  });

  t.test('adds silence before and after a change of product', async (t) => {
    const schedule = new LineSchedule(rate, 500);
    t.match(schedule.place({ ...second, product: 'a' }, frameIndex(0)), { startFrame: 30, productFrame: 0 });
    const slot = schedule.place({ ...second, product: 'b' }, frameIndex(0));
    t.match(slot, { startFrame: 75 + 22, productFrame: 75 + 11 });
    t.equal(schedule.place({ ...second, product: 'b' }, frameIndex(0)).productFrame, undefined);
  });
});

t.test('line takes', async (t) => {
  const LOOP = { script: { loop: true } };

  t.test('a line that comes again is another take where a person speaks, three at most', async (t) => {
    for (const [language, isSlowVoice, wanted] of [
      ['es', true, [0, 1, 2, 0]],
      ['en', false, [0, 1, 2, 0]],
      ['es', false, [0, 0, 0, 0]],
    ] as const) {
      const rig = showRig(t, ['Hola a todos, bienvenidos.'], { ...LOOP, isSlowVoice, room: { language } });
      await rig.to(90);
      t.same(rig.takes.slice(0, 4), wanted, `${language}, ${isSlowVoice ? 'slow' : 'fast'}`);
    }
  });

  t.test('of a slow voice, all takes of all lines are made ahead, first takes first', async (t) => {
    const { room } = showRig(t, ['Hola.', 'Adiós.'], { ...LOOP, room: { language: 'es' } });
    for (const [isSlow, wanted] of [
      [true, ['Hola. 0', 'Adiós. 0', 'Hola. 1', 'Adiós. 1', 'Hola. 2', 'Adiós. 2']],
      [false, ['Hola. 0', 'Adiós. 0']],
    ] as const) {
      const made: string[] = [];
      const speech = {
        isSlow: () => isSlow,
        keep: ({ text, seed = 0 }: SpeechRequest) => {
          made.push(`${text} ${seed}`);
          return Promise.resolve(false);
        },
      };
      await speakAhead(room, {}, speech, new AbortController().signal);
      t.same(made, wanted);
    }
  });
});

t.test('line voice', async (t) => {
  const own = { en: { name: 'heart', rate: 1.1, pitch: 1 }, '*': { name: 'f2', rate: 1, pitch: 1 } };
  const roomWith = (setting: object): Parameters<typeof lineVoice>[0] => ({
    language: 'zh',
    presenter: { pack: 'mei', voice: voice.parse(setting) },
  });

  t.test("speaks every line by a service, with the presenter's own voice to stand in", async (t) => {
    const room = roomWith({ provider: 'cosyvoice', name: 'longanyang', apiKey: '${K}', rate: 1.2 });
    t.same(lineVoice(room, own, undefined), {
      language: 'zh',
      provider: 'cosyvoice',
      voice: 'longanyang',
      rate: 1.2,
      pitch: 1,
      human: { gender: 'female', person: 'mei', rate: 1, pitch: 1 },
      standIn: own['*'],
    });
    t.match(lineVoice(room, own, 'en'), { language: 'en', voice: 'longanyang', standIn: own.en });
    t.equal(lineVoice(room, {}, 'en').standIn, undefined);
  });

  t.test('names a model that has one voice by its provider', async (t) => {
    t.match(lineVoice(roomWith({ provider: 'piper', model: '/v.onnx' }), own, undefined), {
      provider: 'piper',
      voice: 'piper',
    });
  });

  t.test('leaves the embedded voices as they are', async (t) => {
    t.same(lineVoice(roomWith({ rate: 1.5 }), own, 'en'), {
      language: 'en',
      voice: 'heart',
      rate: 1.5 * 1.1,
      pitch: 1,
      human: { gender: 'female', person: 'mei', rate: 1.5, pitch: 1 },
    });
    t.match(lineVoice(roomWith({ provider: 'espeak' }), own, 'en'), { provider: 'espeak', voice: 'f2' });
  });

  t.test('asks for a human voice of the presenter, where the room names no other', async (t) => {
    const man = { '*': { name: 'klatt4', rate: 0.9, pitch: 0.8 } };
    t.match(lineVoice(roomWith({ pitch: 1.1 }), man, undefined).human, { gender: 'male', rate: 1, pitch: 1.1 });
    t.equal(lineVoice(roomWith({ provider: 'espeak' }), own, undefined).human, undefined);
    t.equal(lineVoice(roomWith({ name: 'f4' }), own, undefined).human, undefined, 'a named voice is what it says');
    t.match(lineVoice(roomWith({ provider: 'kokoro' }), own, undefined).human, { gender: 'female' });
  });
});

t.test('line layers', async (t) => {
  const layer = (id: string): Layer => ({ id }) as Layer;

  /** Layers on a stage that records their frames. */
  function stageOf() {
    const shown: [string, number][] = [];
    const hidden: [string, number][] = [];
    const layers = new LineLayers({
      rate: { num: 30, den: 1 },
      stage: {
        show: async ({ id }, atFrame) => void shown.push([id, atFrame]),
        hide: (id, atFrame) => void hidden.push([id, atFrame]),
      },
      onFault: () => undefined,
    });
    const begin = (line: string, list: Parameters<LineLayers['begin']>[1], from: number, to: number): void =>
      layers.begin(line, list, frameIndex(from), frameIndex(to));
    const until = (end: number): void => {
      for (let n = 0; n < end; n += 1) layers.update(frameIndex(n));
    };
    return { begin, until, shown, hidden };
  }

  const question = { layer: layer('question'), tailMs: 2000, givesWay: true };

  t.test('keeps a question for a moment after its answer', async (t) => {
    const { begin, until, hidden } = stageOf();
    begin('answer', [question], 0, 90);
    begin('plain', [], 95, 200);
    until(200);
    t.same(hidden, [['question', 150]]);
  });

  t.test('ends the moment where the next line shows a layer of its own', async (t) => {
    const { begin, until, shown, hidden } = stageOf();
    begin('answer', [question], 0, 90);
    begin('script', [{ layer: layer('ladder') }], 100, 200);
    until(201);
    t.same(shown, [
      ['question', 0],
      ['ladder', 100],
    ]);
    t.same(hidden, [
      ['question', 100],
      ['ladder', 200],
    ]);
  });

  t.test('shows a question to the end of its answer, and a layer of a rule as long as the rule says', async (t) => {
    const { begin, until, hidden } = stageOf();
    begin('answer', [question, { layer: layer('sizes'), tailMs: 3000 }], 0, 90);
    begin('cut in', [{ layer: layer('ladder') }], 80, 200);
    until(201);
    t.same(hidden, [
      ['question', 90],
      ['sizes', 180],
      ['ladder', 200],
    ]);
  });
});

t.test('repeated lines', async (t) => {
  const TEXT = 'This desk lamp has three steps of brightness and a cable of two metres.';

  /** A show that repeats one line of ten seconds, allowed three times an hour. */
  function show(t: Test, actions: RuleActions) {
    const file = join(t.testdir(), 'room.json');
    const script = { loop: true, gapMs: 0, segments: [{ lines: [{ text: TEXT, caption: '' }] }] };
    const compliance = { watch: { duplicates: { repeatsPerHour: 3 } } };
    writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script, compliance }));
    const room = loadRoom(file);
    const entries: LedgerEntry[] = [];
    const stops: string[] = [];
    const speak = async () => ({ pcm: new Float32Array(480_000), loudnessLufs: -16, words: [], phonemes: [] });
    const parts = {
      room,
      judge: new TextJudge(),
      actions,
      rundown: new Rundown(room.script),
      speech: { speak, spoken: (line: string) => ({ text: line, offsets: new Int32Array(line.length) }) },
      scene: { product: async () => EMPTY_UPDATE },
      log: silentLog,
      send: () => undefined,
      ledger: (e: LedgerEntry) => entries.push(e),
      onStop: (rule: string) => stops.push(rule),
    };
    const runner = new ShowRunner(parts as unknown as ShowParts, new AbortController().signal);
    return { runner, entries, stops };
  }

  t.test('reports a repetitive script, at most once a minute', async (t) => {
    const { runner, entries, stops } = show(t, new RuleActions({}));
    await runner.planUntil(30 * 29, () => frameIndex(0));
    t.strictSame(entries, [], 'three times are allowed');
    await runner.planUntil(30 * 119, () => frameIndex(0));
    t.match(entries, [
      { rule: '5.7', surface: 'speech', action: 'warn', evidence: TEXT, detail: { timesInHour: 4 } },
      { rule: '5.7', detail: { timesInHour: 10 } },
    ]);
    t.equal(entries.length, 2);
    t.strictSame(stops, []);
  });

  t.test('ends the show for a repetitive script where the room file says so', async (t) => {
    const { runner, entries, stops } = show(t, new RuleActions({ '5.7': 'stop' }));
    await runner.planUntil(30 * 39, () => frameIndex(0));
    t.match(entries, [{ rule: '5.7', surface: 'speech', action: 'stop', evidence: TEXT }]);
    t.strictSame(stops, ['5.7']);
  });
});

t.test('chimes', async (t) => {
  const goods = ['mug', 'pot'].map((id) => ({
    ...productOf({ id, title: `Steel ${id}` }),
    image: 'data:image/png;base64,AA==',
  }));
  const chimes = (sent: readonly ShowCommand[]): string[] =>
    sent.flatMap((one) => (one.type === 'chime' ? [`${one.chime} ${one.atSample}`] : []));

  t.test('one rings with a new product, and not with the first', async (t) => {
    const rig = showRig(t, [], {
      script: { segments: goods.map(({ id }) => ({ product: id, lines: [{ text: `This is the ${id} for you.` }] })) },
      room: { products: goods },
    });
    await rig.to(200);
    const [change] = rig.sent.filter((one) => one.type === 'speak').slice(1);
    const [chime, ...more] = chimes(rig.sent);
    t.match(chime, /^product \d+$/);
    t.same(more, []);
    t.ok(Number(chime!.split(' ')[1]) <= (change as { startSample: number }).startSample, 'before its line');
  });

  t.test('one rings with thanks for an order or a gift, not with other lines', async (t) => {
    const rig = showRig(t, ['One two three four five six seven eight.', 'Nine ten eleven twelve.']);
    await rig.settle();
    rig.agenda.add({ kind: 'order', text: 'Thank you for the gift.' });
    rig.agenda.add({ kind: 'reply', text: 'It is made of steel.' });
    await rig.to(300);
    const thanks = rig.sent.find((one) => one.type === 'speak' && one.id.startsWith('order')) as {
      startSample: number;
    };
    t.same(chimes(rig.sent), [`thanks ${thanks.startSample}`]);
  });
});
