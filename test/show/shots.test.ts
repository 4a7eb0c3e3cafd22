import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { z } from 'zod';
import { loadRoom } from '../../src/config/load-room.js';
import { actions as actionsSchema } from '../../src/config/sections/compliance.js';
import { layer } from '../../src/config/sections/layer.js';
import { product } from '../../src/config/sections/product.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import type { WordTiming } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import { Agenda } from '../../src/show/agenda/agenda.js';
import { Rundown } from '../../src/show/rundown.js';
import { type CutQuestion, ShotDirector } from '../../src/show/shots/shot-director.js';
import type { ShowCommand, ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { SourceLadder } from '../../src/show/source-ladder.js';
import { spokenText } from '../../src/speech/spoken-text.js';
import { templateRoom } from '../kit/on-air.js';
import { showRig } from './show-rig.js';

t.test('cut lines', async (t) => {
  const SHOTS = { hero: {}, 'close-up': {} };
  const product = {
    id: 'pot',
    title: 'Cooking pot',
    image: 'pot.webp',
    price: { amount: 12.8, currency: 'USD' },
    attributes: [{ name: 'Coating', value: 'ceramic' }],
  };
  const plain = templateRoom('minimal') as { layers: { id: string; type: string }[] };
  const room = {
    products: [product],
    layers: plain.layers.map((layer) => (layer.type === 'label' ? layer : { ...layer, shots: SHOTS })),
  };
  const words = (count: number): string => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

  t.test('a cut comes with its line, is recorded, and is taken back with the line', async (t) => {
    const script = { segments: [{ product: 'pot', lines: [{ text: words(130) }, { text: 'It is ceramic.' }] }] };
    const rig = showRig(t, [], { room, script });
    await rig.to(400);
    t.same(rig.shotCuts, ['close-up 420']);
    t.match(
      rig.notes.find(({ action }) => action === 'cut'),
      {
        kind: 'room',
        frame: 420,
        detail: { shot: 'close-up', reason: 'attribute', line: 's0.0.1' },
      },
    );
    t.equal(rig.runner.shotAt(rig.frame() as never).shot, 'hero');
    await rig.command(rig.runner.pause());
    t.equal(rig.shotCuts.at(-1), 'none from 420');
    t.ok(rig.notes.some(({ action }) => action === 'cut-withdrawn'));
    t.equal(rig.runner.shotAt(1000 as never).shot, 'hero');
  });
});

t.test('shot director', async (t) => {
  const RATE = { num: 30, den: 1 };
  const IN_SHOTS = { hero: {}, 'side-by-side': {}, 'close-up': {} };
  const SET = [
    layer.parse({ id: 'who', type: 'presenter', shots: IN_SHOTS }),
    layer.parse({ id: 'words', type: 'text', text: 'Pot', shots: { 'close-up': {}, 'side-by-side': {} } }),
  ];
  const POT = product.parse({
    id: 'pot',
    title: 'Cooking pot',
    image: 'pot.webp',
    price: { amount: 12.8, currency: 'USD' },
    attributes: [{ name: 'Coating', value: 'ceramic' }],
    variants: [{ name: 'Colour', values: [{ name: 'green' }, { name: 'red' }] }],
  });

  const directorOf = (seed: number, layers = SET, shots: object = {}) =>
    new ShotDirector({ seed, rate: RATE, layers, shots: { cuts: true, rhythmSeconds: 25, opening: 'hero', ...shots } });

  /** A line of three seconds at a second of the show. */
  const lineAt = (
    second: number,
    text: string,
    more: Partial<CutQuestion['line'] & CutQuestion['slot']> = {},
  ): CutQuestion => {
    const { productFrame, ...line } = more;
    return {
      line: { id: `line-${second}`, kind: 'script', text, layers: [], judgedAs: 'speech', ...line },
      slot: { startFrame: frameIndex(second * 30), endFrame: frameIndex((second + 3) * 30), productFrame },
      product: POT,
      hasBeside: true,
    };
  };

  /** A plain line every four seconds; the cuts. */
  function show(seed: number, seconds: number) {
    const director = directorOf(seed);
    const cuts = [];
    for (let second = 0; second < seconds; second += 4) {
      const cut = director.decide(lineAt(second, 'So much for that.'));
      if (cut !== undefined) cuts.push({ ...cut });
    }
    return cuts;
  }

  t.test(
    'without any reason the rhythm cuts from the hero, in turn to the close-up and the comparison, and back',
    (t) => {
      const cuts = show(7, 240);
      t.same(
        cuts.slice(0, 4).map(({ shot, reason }) => [shot, reason]),
        [
          ['close-up', 'rhythm'],
          ['hero', 'return'],
          ['side-by-side', 'rhythm'],
          ['hero', 'return'],
        ],
      );
      for (const [i, cut] of cuts.entries()) {
        const held = (cut.atFrame - (cuts[i - 1]?.atFrame ?? 0)) / 30;
        t.ok(held >= 6, `cut ${i} after ${held} s`);
        if (cut.reason === 'rhythm') t.ok(held >= 20 && held <= 34, `the hero stays 20 to 30 s and a line: ${held}`);
      }
      t.end();
    },
  );

  t.test('the same seed cuts the same way, another one otherwise', (t) => {
    t.same(show(3, 600), show(3, 600));
    t.notSame(show(3, 600), show(4, 600));
    t.end();
  });

  t.test('a line about an attribute takes the close-up, one that compares the comparison, a price goes back', (t) => {
    const director = directorOf(1);
    t.equal(director.decide(lineAt(4, 'Its coating is ceramic.')), undefined, 'the hero stays for its shortest time');
    t.match(director.decide(lineAt(13, 'Its coating is ceramic.')), { shot: 'close-up', reason: 'attribute' });
    t.equal(director.decide(lineAt(17, 'Nice.')), undefined, 'not within six seconds');
    t.equal(director.decide(lineAt(20, 'Ceramic needs no oil.')), undefined, 'it stays while the line is about it');
    t.match(director.decide(lineAt(24, 'It costs 12.8 dollars.')), { shot: 'hero', reason: 'price' });
    t.match(director.decide(lineAt(40, 'In red and in green.')), { shot: 'side-by-side', reason: 'comparison' });
    t.end();
  });

  t.test('a new product always takes the hero, at the frame where it comes', (t) => {
    const director = directorOf(1);
    t.match(director.decide(lineAt(13, 'Its coating is ceramic.')), { shot: 'close-up' });
    const cut = director.decide(lineAt(15, 'And now the kettle.', { productFrame: frameIndex(440) }));
    t.match(cut, { shot: 'hero', reason: 'new-product', atFrame: 440 });
    t.equal(director.at(439).shot, 'close-up');
    t.equal(director.at(440).shot, 'hero');
    t.end();
  });

  t.test('an answer about an attribute shows it at once; any other answer brings the hero back', (t) => {
    const director = directorOf(1);
    const answer = { judgedAs: 'reply', kind: 'reply' } as const;
    t.match(director.decide(lineAt(8, 'Yes, it is ceramic.', answer)), { shot: 'close-up', reason: 'question' });
    t.match(director.decide(lineAt(15, 'We ship on Monday.', answer)), { shot: 'hero', reason: 'question' });
    t.end();
  });

  t.test('forgets the cuts of lines that are taken back', (t) => {
    const director = directorOf(1);
    director.decide(lineAt(13, 'Its coating is ceramic.'));
    t.equal(director.at(1000).shot, 'close-up');
    t.ok(director.dropFrom(13 * 30));
    t.notOk(director.dropFrom(13 * 30));
    t.equal(director.at(1000).shot, 'hero');
    t.end();
  });

  t.test('a room whose layers name no shot, or that wants no cuts, stays in its shot', (t) => {
    const plain = directorOf(1, [layer.parse({ id: 'who', type: 'presenter' })]);
    const quiet = directorOf(1, SET, { cuts: false, opening: 'close-up' });
    for (let second = 0; second < 120; second += 4) {
      t.equal(plain.decide(lineAt(second, 'Its coating is ceramic.')), undefined);
      t.equal(quiet.decide(lineAt(second, 'So much for that.')), undefined);
    }
    t.equal(quiet.at(0).shot, 'close-up');
    t.end();
  });
});

t.test('source ladder', async (t) => {
  t.test('ignores a hiccup, idles for a stall, shows the slate for a long one, and returns at once', async (t) => {
    const ladder = new SourceLadder(120_000, 5000);
    t.equal(ladder.update(0), undefined);
    t.equal(ladder.update(4900), undefined);
    t.equal(ladder.update(5000), 'idle');
    t.equal(ladder.update(119_000), undefined);
    t.equal(ladder.update(120_000), 'slate');
    t.equal(ladder.update(500_000), undefined);
    t.equal(ladder.update(0), 'fresh');
    t.equal(ladder.at, 'fresh');
  });

  t.test('never shows the slate with 0', async (t) => {
    const ladder = new SourceLadder(0);
    t.equal(ladder.update(5000), 'idle');
    t.equal(ladder.update(9e9), undefined);
  });
});

t.test('unspoken lines', async (t) => {
  const failed = new EngineError('E_SPEECH_FAILED', { where: 'speech', found: 'no voice today' });

  /** A show whose voice does `speak`, and whose scene fails on request. */
  function show(t: Test, speak: (text: string) => Promise<unknown>) {
    const file = join(t.testdir(), 'room.json');
    const lines = ['One lamp.', 'Two lamps.', 'Three lamps.', 'Four lamps.'].map((text) => ({ text, caption: '' }));
    writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script: { loop: true, segments: [{ lines }] } }));
    const room = loadRoom(file);
    const noted: LedgerEntry[] = [];
    const sent: { type: string; id?: string }[] = [];
    const rundown = new Rundown(room.script);
    const agenda = new Agenda(() => 0);
    const scene = {
      product: async () => EMPTY_UPDATE,
      caption: async (): Promise<unknown> => EMPTY_UPDATE,
      clearCaption: () => EMPTY_UPDATE,
    };
    const parts = {
      room,
      judge: new TextJudge(),
      rundown,
      agenda,
      speech: { speak: ({ text }: { text: string }) => speak(text), spoken: spokenText, isSlow: () => false },
      scene,
      log: silentLog,
      send: (command: { type: string; id?: string }) => void sent.push(command),
      ledger: (entry: LedgerEntry) => void noted.push(entry),
    } as unknown as ShowParts;
    const runner = new ShowRunner(parts, new AbortController().signal);
    /** Twice, as the planning does not wait for a line of the agenda. */
    const plan = async (frames: number) => {
      await runner.planUntil(frames, () => frameIndex(0));
      await setImmediate();
      await runner.planUntil(frames, () => frameIndex(0));
    };
    const unspoken = () => noted.filter((entry) => entry.action === 'unspoken');
    return { runner, agenda, scene, plan, unspoken, sent };
  }

  const sound = (samples: number) => ({ pcm: new Float32Array(samples), loudnessLufs: -16, words: [], phonemes: [] });

  t.test('counts each line of a dead voice in the state, and records the first in a row', async (t) => {
    const { runner, plan, unspoken } = show(t, () => Promise.reject(failed));
    t.strictSame(runner.unspoken.snapshot(), { total: 0, last: null });
    await t.rejects(plan(300), { code: 'E_SPEECH_FAILED' });
    await t.rejects(plan(300), { code: 'E_SPEECH_FAILED' });
    const { total, last } = runner.unspoken.snapshot();
    t.ok(total > 3);
    t.match(last, { line: String, text: /lamp/, code: 'E_SPEECH_FAILED', message: /no voice today/ });
    t.match(unspoken(), [
      {
        kind: 'text',
        surface: 'speech',
        evidence: 'One lamp.',
        detail: { code: 'E_SPEECH_FAILED', why: /no voice today/ },
      },
    ]);
    t.equal(unspoken().length, 1);
  });

  t.test('records each inserted line that was not spoken', async (t) => {
    const { runner, agenda, plan, unspoken } = show(t, async (text) => {
      if (text.includes('lamp')) return sound(48_000);
      throw failed;
    });
    for (const text of ['First wish.', 'Second wish.']) agenda.add({ kind: 'operator', text, caption: '' });
    await plan(300);
    t.match(unspoken(), [{ evidence: /wish/ }, { evidence: /wish/ }]);
    t.equal(runner.unspoken.snapshot().total, 2);
  });

  t.test('records lines without audible words, and lines that cannot be scheduled', async (t) => {
    const { agenda, scene, plan, unspoken, sent } = show(t, async (text) => sound(text === '🎉' ? 0 : 48_000));
    agenda.add({ kind: 'operator', text: '🎉', caption: '' });
    await plan(300);
    t.match(unspoken(), [{ evidence: '🎉', detail: { why: /silence/ } }]);
    scene.caption = () => Promise.reject(failed);
    agenda.add({ kind: 'operator', text: 'Shown.', caption: 'Shown.' });
    await t.rejects(plan(600), { code: 'E_SPEECH_FAILED' });
    t.match(unspoken()[1], { evidence: 'Shown.' });
    const { line } = unspoken()[1]!.detail as { line: string };
    t.notOk(
      sent.some(({ type, id }) => type === 'speak' && id === line),
      'and is not heard',
    );
  });
});

t.test('lines together', async (t) => {
  const SAMPLES_PER_WORD = 4800;

  /** Words of equal length, one after the other. */
  function spoken(text: string): { pcm: Float32Array; words: WordTiming[] } {
    const words = [...text.matchAll(/\S+/g)].map((m, i) => ({
      text: m[0],
      startChar: m.index,
      endChar: m.index + m[0].length,
      startSample: i * SAMPLES_PER_WORD,
      endSample: (i + 1) * SAMPLES_PER_WORD,
      exact: true,
    }));
    return { pcm: new Float32Array(words.length * SAMPLES_PER_WORD), words };
  }

  /** The audible part of each line, and the shown captions. */
  async function show(
    t: Tap,
    lines: readonly (string | { text: string; caption: string })[],
    wanted: z.input<typeof actionsSchema> = {},
    typed?: string,
  ): Promise<{ heard: string[]; shown: string[]; notes: LedgerEntry[]; stops: string[] }> {
    const actions = new RuleActions(actionsSchema.parse(wanted));
    const stops: string[] = [];
    const dir = t.testdir();
    const file = join(dir, 'room.json');
    const script = {
      loop: false,
      gapMs: 0,
      segments: [{ lines: lines.map((line) => (typeof line === 'string' ? { text: line } : line)) }],
    };
    const texts = lines.map((line) => (typeof line === 'string' ? line : line.text));
    writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script }));
    const room = loadRoom(file);
    const notes: LedgerEntry[] = [];
    const shown: string[] = [];
    const heard: string[] = [];
    const said: string[] = [];
    const rundown = new Rundown(room.script);
    const agenda = new Agenda(() => 0);
    const runner = new ShowRunner(
      {
        room,
        judge: new TextJudge({ actions }),
        actions,
        onStop: (rule: string) => stops.push(rule),
        rundown,
        agenda,
        speech: {
          spoken: spokenText,
          isSlow: () => false,
          speak: async ({ text }: { text: string }) => {
            said.push(text);
            return { ...spoken(text), loudnessLufs: -16, phonemes: [] };
          },
        },
        scene: {
          product: async () => EMPTY_UPDATE,
          caption: async ({ text }: { text: string }) => {
            shown.push(text);
            return EMPTY_UPDATE;
          },
        },
        log: silentLog,
        send: (command: ShowCommand) => {
          if (command.type !== 'speak') return;
          const { words } = spoken(texts[heard.length]!);
          const loud = words.filter(
            (w) => !command.mutes.some((m) => m.startSample < w.endSample && m.endSample > w.startSample),
          );
          heard.push(loud.map((w) => texts[heard.length]!.slice(w.startChar, w.endChar)).join(' '));
        },
        ledger: (e: LedgerEntry) => notes.push(e),
      } as unknown as ShowParts,
      new AbortController().signal,
    );
    await runner.planUntil(30 * 600, () => frameIndex(0));
    if (typed !== undefined) {
      agenda.add({ kind: 'operator', text: typed });
      await runner.planUntil(30 * 1200, () => frameIndex(30 * 600));
      await setImmediate();
      await runner.planUntil(30 * 1200, () => frameIndex(30 * 600));
    }
    return { heard, shown, notes, stops };
  }
  type Tap = Pick<typeof t, 'testdir'>;

  t.test('mutes and hides the second half of a number with the rest of its sentence', async (t) => {
    const lines = ['We ship from Ningbo.', '138 0013', '8000 and that is all', 'The lid is oak.'];
    const { heard, shown, notes } = await show(t, lines);
    t.strictSame(heard, [lines[0], lines[1], '', lines[3]]);
    t.strictSame(shown, [lines[0], lines[1], lines[3]]);
    t.match(notes, [
      { rule: '3.2', surface: 'caption', action: 'drop-caption', evidence: '8000' },
      { rule: '3.2', surface: 'speech', action: 'mute', evidence: '8000', detail: { kind: 'phone' } },
    ]);
  });

  t.test('mutes the account name in the same breath as an app', async (t) => {
    const { heard } = await show(t, [
      'The handle is oak. Telegram: my shop twenty four, we ship in cartons. The lid is made of bamboo.',
      'Find us at bottle dot com slash promo',
    ]);
    t.strictSame(heard, ['The handle is oak. The lid is made of bamboo.', '']);
  });

  t.test('mutes and hides an account in the line after an app', async (t) => {
    const lines = [
      'We are on WhatsApp too.',
      'The name is kettle king eighty eight. The lid is made of oak.',
      'We ship in strong cartons.',
    ];
    const { heard, shown, notes } = await show(t, lines);
    t.strictSame(heard, ['', 'The lid is made of oak.', lines[2]]);
    t.strictSame(shown, [lines[2]]);
    const continued = { rule: '3.2', evidence: 'The name is kettle king eighty eight.', detail: { kind: 'continued' } };
    t.match(
      notes.filter(({ detail }) => detail?.['kind'] === 'continued'),
      [
        { ...continued, surface: 'caption', action: 'drop-caption' },
        { ...continued, surface: 'speech', action: 'mute' },
      ],
    );
  });

  t.test('hides the account in a caption of its own when the app is muted in the line', async (t) => {
    const caption = 'The name is kettle king';
    const { shown } = await show(t, [{ text: 'We are on WhatsApp too.', caption }, 'The lid is made of oak.']);
    t.strictSame(shown, ['The lid is made of oak.']);
  });

  t.test('refuses a typed line that completes an earlier one, without adding risk', async (t) => {
    const { heard, shown, notes } = await show(t, ['138 0013'], {}, '8000 and that is all');
    t.strictSame(heard, ['138 0013']);
    t.strictSame(shown, ['138 0013']);
    t.match(notes, [{ rule: '3.2', surface: 'speech', action: 'refuse', evidence: '8000' }, { action: 'unspoken' }]);
  });

  t.test(
    "applies the room's action for contacts in speech and captions to the second half, independent of pictures",
    async (t) => {
      const lines = ['138 0013', '8000 and that is all'];
      const mildInPictures = await show(t, lines, { '3.2': { frame: 'stop', speech: 'warn', caption: 'warn' } });
      t.strictSame(mildInPictures.heard, lines);
      t.match(mildInPictures.notes, [{ action: 'warn' }, { action: 'warn' }]);
      const skipped = await show(t, lines, { '3.2': { speech: 'skip' } });
      t.strictSame(skipped.heard, [lines[0], ''], 'it can only be muted');
      const stopped = await show(t, lines, { '3.2': { speech: 'stop' } });
      t.strictSame(stopped.stops, ['3.2']);
      t.strictSame(stopped.heard, [lines[0], '']);
    },
  );
});
