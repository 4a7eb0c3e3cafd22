import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { type z } from 'zod';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { actions as actionsSchema } from '../../src/config/sections/compliance.js';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import type { WordTiming } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { spokenText } from '../../src/speech/spoken-text.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { Agenda } from '../../src/show/agenda/agenda.js';
import { Rundown } from '../../src/show/rundown.js';
import type { ShowCommand, ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import { templateRoom } from '../kit/on-air.js';

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
