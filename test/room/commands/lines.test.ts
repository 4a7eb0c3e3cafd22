import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { replyWatch } from '../../../src/config/sections/compliance.js';
import type { Product } from '../../../src/config/sections/product.js';
import { EngineError } from '../../../src/core/errors.js';
import { type Log, silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { EditHistory, MAX_STEPS } from '../../../src/room/commands/edit-history.js';
import { brokenFor, LineRewriter, reversed } from '../../../src/room/commands/line-rewriter.js';
import {
  refuseLanguage,
  sayLine,
  ScriptCommands,
  type ScriptCommandsParts,
} from '../../../src/room/commands/script-commands.js';
import { brokenLines } from '../../../src/show/products/broken-lines.js';
import { Rundown } from '../../../src/show/rundown.js';
import type { ScriptContent } from '../../../src/show/script/live-script.js';
import { findVoice } from '../../../src/speech/find-voice.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import type { Rewrites } from '../../../src/writer/products/planned-rewrites.js';
import { chatServer, failing, streamed } from '../../kit/chat-server.js';
import { templateRoom, writeRoom } from '../../kit/on-air.js';
import { until } from '../../kit/until.js';

t.test('line rewriter', async (t) => {
  const judge = new TextJudge();
  const OWN = 'You pay 4.80 dollars for this mug.';
  const PLANNED = 'From 100 pieces on, it is 4.80 US dollars each.';
  const image = 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=';

  /** A room with a line of its own and one of a plan, whose price changes. */
  function shop(t: Test, llm?: object) {
    const product = {
      ...{ id: 'mug', title: 'Steel mug', image, price: { amount: 4.8, currency: 'USD', unit: 'piece' } },
      ...{ minimumOrder: '100 pieces', priceLadder: [{ from: 100, price: 4.8 }] },
    };
    const script = {
      segments: [{ id: 'mug', product: 'mug', lines: [{ text: OWN }, { text: PLANNED }, { text: 'Look.' }] }],
    };
    const file = { ...templateRoom('minimal'), products: [product], script, ...(llm === undefined ? {} : { llm }) };
    const live = new LiveRoomConfig(loadRoom(writeRoom(t, file)));
    const rundown = new Rundown(live.room.script);
    const history = new EditHistory();
    const warned: [object, string][] = [];
    const log: Log = { ...silentLog, warn: (about: object, text: string) => void warned.push([about, text]) };
    const commands = new ScriptCommands({
      room: live.room,
      rundown,
      judge,
      history,
      ledger: { append: () => undefined },
      speech: { spoken: spokenText, voiceFor: async () => undefined },
      runner: { paused: false, edit: async (content: never) => rundown.replace(content) },
      frame: () => 0,
    } as unknown as ScriptCommandsParts);
    const apply = (rewrites: Rewrites): Promise<Rewrites> => commands.rewrite(rewrites);
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    const rewriter = new LineRewriter({
      parts: { room: live.room, judge, log },
      apply,
      signal: stop.signal,
      env: {},
    });
    const change = async (parts: Partial<Product>) => {
      const before = live.room.products;
      live.set({ products: before.map((one) => ({ ...one, ...parts })) });
      const options = {
        judge,
        language: 'en',
        script: rundown.script.content,
        before,
        after: live.room.products,
        id: 'mug',
      };
      const broken = await brokenLines(options);
      const rewriting = await rewriter.rewrite(broken, before);
      return { rewriting, breaks: broken.map((one) => brokenFor(one, rewriting.planned)) };
    };
    const texts = (): string[] => rundown.script.content.segments[0]!.lines.map(({ text }) => text);
    const { products } = live.room;
    const restore = (): void => live.set({ products });
    return { change, restore, texts, warned, apply, commands };
  }

  const cheaper = {
    price: { amount: 4.5, currency: 'USD', unit: 'piece', was: undefined },
    priceLadder: [{ from: 100, price: 4.5 }],
  };

  t.test('a plan’s line is rewritten in the running script, and another one is left and reported', async (t) => {
    const { change, restore, texts, warned, apply } = shop(t);
    const { rewriting, breaks } = await change(cheaper as never);
    const [own, planned, look] = texts();
    t.equal(own, OWN);
    t.match(planned, /4\.50 US dollars/);
    t.equal(look, 'Look.');
    t.match(breaks, [
      { text: OWN, action: 'skip' },
      { text: PLANNED, rewritten: planned },
    ]);
    t.notOk('rewritten' in breaks[0]!);
    t.match(warned, [[{ where: 'script.segments[0].lines[0].text', rule: '5.5' }, /no longer true/]]);
    restore();
    await apply(reversed(rewriting.taken));
    t.match(texts()[1], /4\.80/, 'and taken back with the price');
  });

  t.test('the room’s language model rewrites the rest beside the show, and that can be undone', async (t) => {
    const server = await chatServer(
      streamed(() => JSON.stringify({ lines: [{ id: 0, wordings: ['You pay 4.50 dollars for this mug now.'] }] })),
    );
    t.teardown(() => server.close());
    const { change, restore, texts, apply } = shop(t, { baseUrl: server.baseUrl, model: 'm' });
    const { breaks, rewriting } = await change(cheaper as never);
    t.equal(breaks.length, 2);
    await until('the line', () => texts()[0] === 'You pay 4.50 dollars for this mug now.', 20_000);
    t.equal(rewriting.taken.size, 2);
    restore();
    await apply(reversed(rewriting.taken));
    t.same(texts(), [OWN, PLANNED, 'Look.'], 'taken back with the price');
  });

  t.test('a model that fails leaves the line as it was, with one warning', async (t) => {
    const server = await chatServer(failing(401));
    t.teardown(() => server.close());
    const { change, texts, warned } = shop(t, { baseUrl: server.baseUrl, model: 'm' });
    await change(cheaper as never);
    await until('the warning', () => warned.some(([, text]) => text.includes('language model')), 20_000);
    t.equal(texts()[0], OWN);
  });

  t.test('a line that has become false does not keep anybody from editing its neighbour', async (t) => {
    const { change, commands, texts } = shop(t);
    await change(cheaper as never);
    await commands.patchLine('mug', 'line-3', { text: 'Look at it.' });
    await commands.addLine('mug', { text: 'It is steel.', variants: [], gesture: 'none' }, null);
    t.equal(texts()[0], 'It is steel.');
    await t.rejects(commands.patchLine('mug', 'line-1', { text: 'Just 4.80 dollars.' }), { code: 'E_TEXT_REFUSED' });
  });
});

t.test('refuse language', async (t) => {
  const voices = ['en-US', 'cmn'].map((name) => ({ name, title: name, languages: [name], provider: 'espeak' }));
  const speech = { voiceFor: async (language: string) => findVoice(voices, language) };

  t.test('refuses a language without a voice and names the available ones', async (t) => {
    for (const language of ['en', 'en-GB', 'zh', 'zh-CN']) await t.resolves(refuseLanguage(speech, language), language);
    await t.rejects(refuseLanguage(speech, 'klingon'), {
      code: 'E_VOICE_UNKNOWN',
      httpStatus: 400,
      where: 'language "klingon"',
      expected: /\ben, eo, .*\bfr, .*\bzh\b/,
    });
    await t.rejects(refuseLanguage(speech, 'tl'), { code: 'E_VOICE_UNKNOWN', found: /no embedded voice/ });
  });

  t.test('does not blame the language when the voice is gone', async (t) => {
    const gone = new EngineError('E_SPEECH_FAILED', { where: 'speech' });
    await t.rejects(refuseLanguage({ voiceFor: () => Promise.reject(gone) }, 'en'), { code: 'E_SPEECH_FAILED' });
  });
});

t.test('say line', async (t) => {
  const judge = new TextJudge();

  /** A room in which only the parts on a line's way are real. */
  function desk(): {
    say: (text: string, reply: boolean) => ReturnType<typeof sayLine>;
    noted: LedgerEntry[];
    queued: string[];
  } {
    const queued: string[] = [];
    const noted: LedgerEntry[] = [];
    const replies = new ReplyWatch(replyWatch.parse({ perMinute: 4, repeats: 2 }));
    let now = 0;
    const parts = {
      room: { language: 'en', products: [], presenter: { voice: {} } },
      speech: { spoken: spokenText },
      judge,
      agenda: {
        add: ({ text }: { text: string }) => {
          queued.push(text);
          return { id: `l${now}` };
        },
        length: 0,
      },
      ledger: { append: (entry: LedgerEntry) => void noted.push(entry) },
      replies,
      nowMs: () => (now += 1000),
    } as unknown as Parameters<typeof sayLine>[0];
    return { say: (text, reply) => sayLine(parts, text, { reply }), noted, queued };
  }

  t.test("refuses and records a repeated answer as spam, not a host's line", async (t) => {
    const { say, noted } = desk();
    const text = 'The bottle holds half a litre and fits into the cup holder of your car.';
    t.equal(say(text, true).result, 'queued');
    t.equal(say(text, true).result, 'queued');
    t.match(say(text, true), { result: 'refused', hits: [{ rule: '2.3', kind: 'reply-repeated' }] });
    t.match(noted, [{ rule: '2.3', surface: 'reply', action: 'refuse' }]);
    for (let i = 0; i < 6; i += 1) t.equal(say(text, false).result, 'queued');
  });

  t.test('refuses a typed line with anything forbidden whole, in plain words, and queues nothing', async (t) => {
    const { say, noted, queued } = desk();
    for (const reply of [true, false]) {
      t.strictSame(say('WhatsApp me +1 415 555 2671', reply), {
        id: '',
        result: 'refused',
        reason: { en: 'phone number / outside contact', zh: '电话号码 / 站外联系方式' },
        hits: [{ rule: '3.2', kind: 'platform', match: 'WhatsApp me +1 415 555 2671' }],
      });
    }
    t.match(say('Paga por Bizum al 612 345 678', false), { reason: { en: 'payment outside the platform' } });
    t.match(say('This is the best mug in the world.', false), {
      reason: { en: 'false, exaggerated or absolute claims' },
    });
    t.strictSame(queued, []);
    t.ok(noted.length >= 4);
    t.ok(
      noted.every(({ action }) => action === 'refuse'),
      'not counted by the risk score',
    );
  });

  t.test('also judges the line as spoken', async (t) => {
    const { say, queued } = desk();
    t.match(say('Message me on we😀chat.', false), { result: 'refused', hits: [{ rule: '3.2', match: /we😀chat$/ }] });
    t.equal(say('Only $29.99 today 😀', false).result, 'queued');
    t.equal(queued.length, 1);
  });

  t.test('judges, queues and shows a line without the characters that nobody sees', async (t) => {
    const { say, queued } = desk();
    // Shown from right to left, these groups would change places.
    for (const text of [
      'Whats\u00ad\u2067App\u2069 me +1 4\u200b15 5\ufeff55 2\u{e0041}671',
      'Message me on we\u2060ch\u034fat',
    ])
      t.match(say(text, false), { result: 'refused', hits: [{ rule: '3.2', match: /^[\x20-\x7e]+$/ }] });
    t.equal(say('\u202eThe mug\u202c is\u001b[31m \u200bblue.\r\nReally\ud800 ', false).result, 'queued');
    t.equal(say('می\u200cخواهم 👨\u200d👩\u200d👧', false).result, 'queued', 'joiners are letters of some scripts');
    t.same(queued, ['The mug is [31m blue. Really', 'می\u200cخواهم 👨\u200d👩\u200d👧']);
    t.throws(() => say('\u200b\u2066\u2069 \u001b', false), { code: 'E_BAD_REQUEST' });
  });
});

t.test('script commands', async (t) => {
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
});

t.test('edit history', async (t) => {
  const nothing = { undo: () => undefined, redo: () => undefined };

  t.test('takes edits back, newest first', async (t) => {
    const history = new EditHistory();
    const values = [0];
    for (const value of [1, 2, 3]) {
      const before = values.at(-1)!;
      values.push(value);
      history.register({
        what: `to ${value}`,
        undo: () => void values.push(before),
        redo: () => void values.push(value),
      });
    }
    t.match(history.steps(), [{ what: 'to 3' }, { what: 'to 2' }, { what: 'to 1' }]);
    t.match(await history.undo(), { what: 'to 3' });
    t.equal(values.at(-1), 2);
    await Promise.all([history.undo(), history.undo()]);
    t.equal(values.at(-1), 0);
    await t.rejects(history.undo(), { code: 'E_NOT_FOUND' });
  });

  t.test('remembers twenty edits', async (t) => {
    const history = new EditHistory();
    for (let i = 0; i < MAX_STEPS + 5; i += 1) history.register({ what: String(i), ...nothing });
    t.equal(history.steps().length, 20);
    t.equal(history.steps().at(-1)!.what, '5');
  });

  t.test('a step whose inverse fails stays', async (t) => {
    const history = new EditHistory();
    let broken = true;
    const undo = async (): Promise<void> => {
      if (broken) throw new Error('refused');
    };
    history.register({ ...nothing, what: 'edit', undo });
    await t.rejects(history.undo(), /refused/);
    t.equal(history.steps().length, 1);
    broken = false;
    await history.undo();
    t.equal(history.steps().length, 0);
  });

  t.test('an inverse learns that another edit came before its turn', async (t) => {
    const history = new EditHistory();
    const values: string[] = [];
    let turn = (): void => undefined;
    const waits = new Promise<void>((resolve) => (turn = resolve));
    history.register({
      ...nothing,
      what: 'first',
      undo: async (requireNewest) => {
        await waits;
        requireNewest();
        values.push('first is back');
      },
    });
    const undoing = history.undo();
    await setImmediate();
    history.register({
      ...nothing,
      what: 'second',
      undo: (requireNewest) => {
        requireNewest();
        values.push('second is back');
      },
    });
    turn();
    await t.rejects(undoing, { code: 'E_ROOM_CHANGED', message: /"second", which came meanwhile/ });
    t.match(await history.undo(), { what: 'second' });
    t.match(await history.undo(), { what: 'first' });
    t.same(values, ['second is back', 'first is back']);
  });

  t.test('makes edits again in their order, until another edit comes', async (t) => {
    const history = new EditHistory();
    let value = 0;
    const set = (to: number): void => {
      const before = value;
      value = to;
      history.register({ what: `to ${to}`, undo: () => void (value = before), redo: () => void (value = to) });
    };
    for (const to of [1, 2, 3]) set(to);
    await history.undo();
    await history.undo();
    t.equal(value, 1);
    t.match(history.undone(), [{ what: 'to 2' }, { what: 'to 3' }]);
    t.match(await history.redo(), { what: 'to 2' });
    t.equal(value, 2);
    t.match(await history.undo(), { what: 'to 2' }, 'an edit made again can be taken back again');
    set(7);
    t.same(history.undone(), [], 'what came before the new edit is gone');
    await t.rejects(history.redo(), { code: 'E_NOT_FOUND', message: /taken back/ });
    t.equal(value, 7);
  });

  t.test('counts the edits of one gesture as one step', async (t) => {
    const history = new EditHistory();
    let x = 0;
    const move = (to: number, gesture?: string): void => {
      const before = x;
      x = to;
      history.register({ what: 'layer', undo: () => void (x = before), redo: () => void (x = to), gesture });
    };
    for (const to of [10, 20, 30]) move(to, 'drag-1');
    for (const to of [40, 50]) move(to, 'drag-2');
    t.equal(history.steps().length, 2);
    await history.undo();
    t.equal(x, 30);
    await history.undo();
    t.equal(x, 0);
    await history.redo();
    t.equal(x, 30, 'where the gesture ended');
    move(31, 'drag-1');
    t.equal(history.steps().length, 2, 'a gesture that was taken back is over');
  });
});
