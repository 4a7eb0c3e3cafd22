import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import t, { type Test } from 'tap';
import { loadRoom } from '../../../src/config/load-room.js';
import { EngineError } from '../../../src/core/errors.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { Rundown } from '../../../src/show/rundown.js';
import type { ScriptContent } from '../../../src/show/script/live-script.js';
import { ScriptCommands, type ScriptCommandsParts } from '../../../src/room/commands/script-commands.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { templateRoom } from '../../kit/on-air.js';

const line = (text: string) => ({ text, variants: [], gesture: 'none' as const });

/** A script of two segments with a real judge; the runner only takes the edits. */
function desk(t: Test) {
  const file = join(t.testdir(), 'room.json');
  const script = {
    segments: [
      { id: 'intro', lines: [{ id: 'hello', text: 'Hello all.' }, { text: 'We ship in cartons.' }] },
      { lines: [{ text: 'The lid is oak.' }] },
    ],
  };
  const ladder = { id: 'ladder', type: 'text', text: 'From 100 pieces', shown: 'on-cue' };
  const room = templateRoom('minimal');
  writeFileSync(file, JSON.stringify({ ...room, layers: [...room['layers'], ladder], script }));
  const config = loadRoom(file);
  const rundown = new Rundown(config.script);
  const noted: LedgerEntry[] = [];
  const moves: unknown[] = [];
  const history = new EditHistory();
  const parts = {
    room: config,
    rundown,
    judge: new TextJudge(),
    ledger: { append: (entry: LedgerEntry) => void noted.push(entry) },
    speech: {
      spoken: spokenText,
      voiceFor: async (language: string) => {
        if (language === 'xx') throw new EngineError('E_VOICE_UNKNOWN', { where: 'voice', found: 'none' });
      },
    },
    runner: {
      paused: false,
      nextIds: { segment: 'intro', line: 'hello' },
      lineAt: () => undefined,
      edit: async (content: ScriptContent) => rundown.replace(content),
      jump: async (to: unknown, now: boolean) => void moves.push([to, now]),
    },
    frame: () => frameIndex(0),
    history,
  } as unknown as ScriptCommandsParts;
  const commands = new ScriptCommands(parts);
  const texts = (): string[] =>
    rundown.script.content.segments.map(({ id, lines }) => `${id}: ${lines.map((one) => one.text).join(' ')}`);
  return { commands, texts, noted, moves, history };
}

t.test('gives ids to segments and lines without one', async (t) => {
  const { segments } = desk(t).commands.snapshot();
  t.same(
    segments.map(({ id, lines }) => [id, lines.map((one) => one.id)]),
    [
      ['intro', ['hello', 'line-2']],
      ['segment-2', ['line-1']],
    ],
  );
});

t.test('adds, replaces, changes, moves and removes lines and segments', async (t) => {
  const { commands, texts, noted } = desk(t);
  t.same(await commands.addLine('intro', line('It is light.'), 'hello'), { id: 'line-3', revision: 1 });
  t.same(texts()[0], 'intro: Hello all. It is light. We ship in cartons.');
  await commands.putLine('intro', 'line-3', line('It is very light.'));
  await commands.patchLine('intro', 'hello', { text: 'Welcome all.', after: 'line-2' });
  t.same(texts()[0], 'intro: It is very light. We ship in cartons. Welcome all.');
  await commands.deleteLine('intro', 'line-2');
  t.same(await commands.addSegment({ lines: [line('Bye now.')] }, null), { id: 'segment-3', revision: 5 });
  await commands.patchSegment('segment-3', { after: 'intro' });
  await commands.putSegment('outro', { lines: [line('See you soon.')] });
  await commands.deleteSegment('segment-2');
  t.same(texts(), ['intro: It is very light. Welcome all.', 'segment-3: Bye now.', 'outro: See you soon.']);
  t.equal(commands.snapshot().revision, 8);
  t.ok(noted.every(({ kind, action }) => kind === 'operator' && action === 'script-edit'));
  t.equal(noted.length, 8);
});

t.test('refuses words that must not be spoken or shown, with rule and reason, and changes nothing', async (t) => {
  const { commands, texts, noted } = desk(t);
  const before = texts();
  const refused = { code: 'E_TEXT_REFUSED', details: { hits: [{ rule: '3.2' }], reason: { en: /outside contact/ } } };
  await t.rejects(commands.addLine('intro', line('Write to us on WhatsApp.')), refused);
  await t.rejects(
    commands.putSegment('intro', { lines: [{ ...line('Hello.'), variants: ['Find us on Telegram.'] }] }),
    refused,
  );
  await t.rejects(commands.patchLine('intro', 'hello', { caption: 'WeChat: lamps88' }), refused);
  await t.rejects(commands.change({ fillers: ['Call +1 415 555 2671'] }), refused);
  await t.rejects(commands.patchLine('intro', 'hello', { caption: '█▀█ ▄▀' }), {
    code: 'E_TEXT_REFUSED',
    details: { hits: [{ rule: '3.3' }] },
  });
  t.same(texts(), before);
  t.ok(noted.every(({ action }) => action === 'refuse'));
  t.ok(noted.length >= 5);
});

t.test('refuses half a number beside the other half, also when a removal brings them together', async (t) => {
  const { commands } = desk(t);
  await commands.putLine('intro', 'hello', line('138 0013'));
  await t.rejects(commands.addLine('intro', line('8000 and that is all'), 'hello'), { code: 'E_TEXT_REFUSED' });
  await commands.addLine('intro', line('8000 and that is all'));
  await t.rejects(commands.deleteLine('intro', 'line-2'), { code: 'E_TEXT_REFUSED' });
});

t.test('refuses ids that the room does not have', async (t) => {
  const { commands } = desk(t);
  await t.rejects(commands.addLine('nowhere', line('Hello.')), { code: 'E_NOT_FOUND', message: /one of intro/ });
  await t.rejects(commands.deleteLine('intro', 'nothing'), { code: 'E_NOT_FOUND' });
  await t.rejects(commands.addLine('intro', { ...line('Hello.'), id: 'hello' }), { code: 'E_BAD_REQUEST' });
  await t.rejects(commands.patchSegment('intro', { product: 'lamp' }), { code: 'E_BAD_REQUEST' });
  await t.rejects(commands.addLine('intro', { ...line('Hello.'), show: ['presenter'] }), { message: /ladder/ });
  await t.rejects(commands.addLine('intro', { ...line('Hello.'), language: 'xx' }), { code: 'E_VOICE_UNKNOWN' });
  await commands.deleteSegment('segment-2');
  await t.rejects(commands.deleteSegment('intro'), { code: 'E_BAD_REQUEST', message: /pause the script/ });
  await t.rejects(commands.jump({ segment: 'intro', line: 'nothing' }), { code: 'E_NOT_FOUND' });
  t.same(await commands.addLine('intro', { ...line('From 100 pieces.'), show: ['ladder'] }), {
    id: 'line-3',
    revision: 2,
  });
});

t.test('jumps by ids', async (t) => {
  const { commands, moves } = desk(t);
  await commands.jump({ segment: 'segment-2' });
  await commands.jump({ segment: 'intro', line: 'line-2', now: true });
  t.same(moves, [
    [{ segment: 1, line: 0 }, false],
    [{ segment: 0, line: 1 }, true],
  ]);
});

t.test('judges edits one after another, each against the one before', async (t) => {
  const { commands, texts } = desk(t);
  await Promise.all([
    commands.addLine('intro', line('One more.')),
    commands.addLine('intro', line('Another one.')),
    commands.deleteLine('intro', 'hello'),
  ]);
  t.equal(texts()[0], 'intro: We ship in cartons. One more. Another one.');
});

t.test('takes an edit back', async (t) => {
  const { commands, texts, history } = desk(t);
  const before = texts();
  await commands.deleteSegment('segment-2');
  t.not(texts().length, before.length);
  await history.undo();
  t.same(texts(), before);
});
