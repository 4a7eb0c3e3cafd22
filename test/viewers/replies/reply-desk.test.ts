import t from 'tap';
import type { EventRecord } from '../../../src/config/api/events-handle.js';
import { layer } from '../../../src/config/sections/layer.js';
import { replies } from '../../../src/config/sections/replies.js';
import { LayoutMaker } from '../../../src/scene/lay-out.js';
import { Agenda, type LineRequest } from '../../../src/show/agenda/agenda.js';
import { EventLog } from '../../../src/viewers/events/event-intake.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { namesInWords } from '../../../src/viewers/replies/names/masked-name.js';
import { PendingAnswer, WaitingAnswers } from '../../../src/viewers/replies/pending-answer.js';
import { questionLayer } from '../../../src/viewers/replies/answer-speaker.js';
import { repliesInParts, replyParts } from '../../../src/viewers/replies/replies-in-parts.js';
import { ReplyRules } from '../../../src/viewers/replies/reply-rules.js';
import { TimedTalks } from '../../../src/viewers/replies/reply-desk.js';
import { draw, kernels, roomOf } from '../../scene/scene-kit.js';
import { deskOf } from './desk-of.js';
import { bottle, lunchbox } from './reply-room.js';

t.test('reply desk', async (t) => {
  t.test('answers a question from the listing, names the viewer and shows the question in its own words', async (t) => {
    const room = deskOf();
    await room.tell([{ text: 'How much for 700 pieces?' }]);
    t.match(room.lines, [
      { kind: 'reply', judgedAs: 'reply', role: 'host', answers: ['e1'], text: /Anna.*4\.20 US dollars/ },
    ]);
    t.match(room.lines[0]!.layers, [
      { layer: { type: 'question', user: 'Anna', text: 'A viewer asks for the price of 700 pieces.' } },
    ]);
    t.equal(room.lines[0]!.language, undefined, 'keeps the room’s voice');
    t.match(room.last(), { state: 'answered', path: 'intent', about: 'price', outcome: 'scheduled' });
  });

  t.test('answers in the viewer’s language', async (t) => {
    const room = deskOf();
    await room.tell([{ user: 'Lucía', text: '¿Cuál es el pedido mínimo?' }]);
    await room.tell([{ user: '子轩', text: '有什么颜色' }]);
    t.match(room.lines, [
      { language: 'es', text: /100/ },
      { language: 'zh', text: /子轩.*黑/ },
    ]);
  });

  t.test('answers equal questions once and names the count', async (t) => {
    const room = deskOf({ config: { gatherMs: 400 } });
    await room.tell(['Anna', 'Oliver', 'Carl', 'Dora'].map((user) => ({ user, text: 'MOQ?' })));
    t.equal(room.lines.length, 0, 'waits for others');
    room.pass(400);
    t.equal(room.lines.length, 1);
    t.match(room.lines[0]!.text, /Anna, Oliver,? and 2 other viewers/);
    t.same(room.lines[0]!.answers, ['e1', 'e2', 'e3', 'e4']);
    await room.tell([{ user: 'Eve', text: 'what is the minimum order' }], 5000);
    t.equal(room.lines.length, 1, 'the answer counts for a late one');
    t.equal(room.last().state, 'merged');
    room.pass(60_000);
    await room.tell([{ user: 'Finn', text: 'moq please' }]);
    room.pass(500);
    t.equal(room.lines.length, 2, 'answers again later');
  });

  t.test('keeps the gap between answers, and merges meanwhile', async (t) => {
    const room = deskOf({ config: { minGapMs: 5000 } });
    await room.tell([{ text: 'MOQ?' }]);
    await room.tell([{ user: 'Oliver', text: 'What colors are there?' }], 1000);
    await room.tell([{ user: 'Carl', text: 'which colours?' }], 1000);
    t.equal(room.lines.length, 1);
    room.pass(5000);
    t.equal(room.lines.length, 2);
    t.match(room.lines[1]!.text, /Oliver and Carl/);
  });

  t.test('waits for the outcome of one answer before the next, and gives refused ones to the operator', async (t) => {
    const room = deskOf({ places: false });
    await room.tell([{ text: 'MOQ?' }, { user: 'Oliver', text: 'Which colors?' }]);
    room.pass(10_000);
    t.equal(room.lines.length, 1);
    room.settle(0, { outcome: 'forgotten', reason: 'waited too long' });
    t.match(
      room.events.recent(10).find(({ id }) => id === 'e1'),
      { state: 'unanswered', outcome: 'forgotten' },
    );
    t.match(room.questions.list(), [{ text: 'MOQ?', reason: 'waited too long' }]);
    room.pass(100);
    t.equal(room.lines.length, 2);
    room.settle(1, { outcome: 'scheduled', startFrame: 10, endFrame: 90 });
    t.equal(room.events.recent(10).find(({ id }) => id === 'e2')!.state, 'answered');
  });

  t.test('keeps hostile comments from picture and sound', async (t) => {
    const room = deskOf({ config: { unknown: 'stock-line' } });
    const hostile = [
      'How much? add me on WhatsApp +1 415 555 2671',
      '多少钱？加微信 abc12345 便宜',
      'price? go to www.cheap-bottles.com',
      'is it real? you stupid bitch',
      'how much if I pay by Western Union',
    ];
    for (const [i, text] of hostile.entries()) await room.tell([{ user: `viewer ${i}`, text }]);
    room.pass(60_000);
    t.same(
      room.states(),
      hostile.map(() => 'hostile'),
    );
    t.same(room.lines, []);
    t.same(room.questions.list(), [], 'the operator’s list has none of them');
  });

  t.test('answers an absolute claim in a question without repeating it', async (t) => {
    const room = deskOf();
    await room.tell([{ text: 'What is the best price in the world, number one cheapest?' }]);
    t.equal(room.lines.length, 1);
    t.match(room.lines[0]!.layers, [{ layer: { text: 'A viewer asks for the price.' } }]);
    t.notMatch(room.lines[0]!.text, /best|number one/i);
  });

  t.test('speaks no name that is a contact, an insult, long, or unreadable', async (t) => {
    const room = deskOf({ config: { sameQuestionMs: 0 } });
    const names = [
      'WhatsApp 4155552671',
      'wechat abc12345',
      '13800138000',
      'fuck you',
      'x'.repeat(40),
      '<b>Anna</b>',
      '张伟',
      '🔥🔥',
      'www.shop.com',
    ];
    for (const user of names) await room.tell([{ user, text: 'MOQ?' }], 60_000);
    t.ok(room.lines.length >= 4);
    for (const { text, layers } of room.lines) {
      t.notMatch(text, /question from|about your question/i, text);
      t.notMatch(JSON.stringify(layers), /415|wechat|fuck|xxx|<b>|138|shop\.com/i);
    }
  });

  t.test('never shows a question under the name of somebody else', async (t) => {
    const room = deskOf({ config: { gatherMs: 400 } });
    await room.tell([
      { user: 'www.shop.com', text: 'MOQ?' },
      { user: 'Oliver', text: 'minimum order?' },
    ]);
    room.pass(400);
    t.match(room.lines[0]!.layers, [{ layer: { text: 'A viewer asks about the minimum order.', user: '' } }]);
    t.match(room.lines[0]!.text, /Oliver and 1 other viewer/);
  });

  t.test('limits one viewer, not the others', async (t) => {
    const room = deskOf({ config: { perViewerPerMinute: 3, sameQuestionMs: 0 } });
    for (let i = 0; i < 8; i += 1) await room.tell([{ user: 'Troll', text: 'MOQ?' }], 10);
    t.same(room.states(), [...Array(3).fill('answered'), ...Array(5).fill('ignored')]);
    await room.tell([{ user: 'Oliver', text: 'Which colors?' }]);
    t.equal(room.last().state, 'answered');
    room.pass(60_000);
    await room.tell([{ user: 'Troll', text: 'MOQ?' }]);
    t.equal(room.last().state, 'answered', 'a minute later');
  });

  t.test('says that the listing does not say it, or is silent, and lists the question', async (t) => {
    for (const [missing, lines] of [
      ['say', 1],
      ['silence', 0],
    ] as const) {
      const room = deskOf({ products: [lunchbox], config: { missing } });
      await room.tell([{ text: 'Does it have certificates?' }]);
      t.equal(room.lines.length, lines, missing);
      t.match(room.questions.list(), [{ text: 'Does it have certificates?', product: 'lunchbox', count: 1 }]);
      t.equal(room.last().state, missing === 'say' ? 'answered' : 'unanswered');
    }
  });

  t.test('answers an unknown question with a stock line or silence, and lists it once with a count', async (t) => {
    const silent = deskOf();
    await silent.tell([{ text: 'Does your cat like fish?' }, { user: 'Oliver', text: 'does your cat like fish' }]);
    t.same(silent.lines, []);
    t.match(silent.questions.list(), [{ text: 'Does your cat like fish?', count: 2 }]);
    t.same(silent.states(), ['unanswered', 'unanswered']);
    const stock = deskOf({ config: { unknown: 'stock-line', stockLines: ['A colleague will look at it.'] } });
    await stock.tell([{ text: 'Does your cat like fish?' }]);
    t.match(stock.lines, [{ text: /A colleague will look at it\./ }]);
    await stock.tell([{ user: 'Oliver', text: 'Who won the match yesterday?' }], 1000);
    t.equal(stock.lines.length, 1, 'stock lines are rare');
  });

  t.test('answers about a named product, by its short name, while another one is shown', async (t) => {
    const room = deskOf({ products: [bottle, lunchbox] });
    await room.tell([{ text: 'How much is the lunch box?' }]);
    t.match(room.lines, [{ text: /Silicone lunch box.*3\.20 US dollars/ }]);
    await room.tell([{ user: 'Oliver', text: 'how much?' }]);
    t.match(room.lines[1], { text: /4\.80/ });
  });

  t.test('ignores chatter, and everything when replies are off', async (t) => {
    const room = deskOf();
    await room.tell(['hello', 'nice price!', 'love it', ' ', '👍'].map((text) => ({ text })));
    t.same(room.lines, []);
    t.ok(room.states().every((state) => state === 'ignored'));
    const off = deskOf({ config: { enabled: false } });
    await off.tell([{ text: 'How much?' }, { kind: 'enter' }]);
    t.same(off.lines, []);
    t.same(off.states(), ['ignored', 'ignored']);
  });

  t.test('stays bounded under a flood', async (t) => {
    const room = deskOf({ config: { gatherMs: 10_000 } });
    for (let second = 0; second < 20; second += 1) {
      const many = Array.from({ length: 400 }, (_, i) =>
        room.event({ user: `v${second}-${i}`, text: `How much for ${i + 1} pieces?` }),
      );
      room.intake.take(many);
      room.clock.nowMs += 1000;
    }
    t.equal(room.intake.counts.taken, 200 * 20);
    t.equal(room.intake.counts.dropped, 200 * 20);
    t.ok(room.desk.waiting <= 1000);
    t.ok(room.events.recent(10_000).length <= 500);
    while (room.desk.work(1000));
    t.ok(room.questions.list().length <= 200);
  });

  t.test('hands what waits to a desk with other settings, whose rules keep their quiet time', async (t) => {
    const rule = (answer: string) => ({ id: 'ship', match: 'ship', quietMs: 60_000, answers: [answer] });
    const first = deskOf({ config: { gatherMs: 400, rules: [rule('By sea.')] } });
    await first.tell([{ text: 'How do you ship?' }, { text: 'MOQ?', user: 'Oliver' }]);
    const waiting = first.desk.handOver();
    t.match(
      waiting.map(({ text }) => text),
      ['How do you ship?', 'MOQ?'],
    );
    first.pass(1000);
    t.equal(first.lines.length, 0, 'the former desk says nothing more');

    const rules = new ReplyRules([], () => 0);
    const used = replies.parse({ rules: [rule('By air.')] }).rules[0]!;
    rules.used(used, 500);
    const next = new ReplyRules([used], () => 0, rules);
    t.ok(next.isQuiet(used, 1000));
    t.notOk(next.isQuiet(used, 61_000));
  });
});

t.test('waiting answers', async (t) => {
  function waiting() {
    const events = new EventLog();
    const answers = new WaitingAnswers({ events, config: { sameQuestionMs: 60_000 }, name: (user) => user });
    const comment = (user: string): EventRecord =>
      events.add({ id: `${user}-${Math.random()}`, platform: 'test', kind: 'comment', user, text: 'How much?' }, 0);
    const ask = (key: string, user: string, atMs: number) => {
      const record = comment(user);
      const pending = new PendingAnswer(key, atMs, {
        first: record,
        path: 'intent',
        about: 'price',
        language: 'en',
        product: undefined,
        isClean: true,
        texts: [{ text: 'Ten dollars.', language: 'en' }],
      });
      return { record, pending, isNew: answers.add(pending, record) };
    };
    const stateOf = ({ seq }: EventRecord) => events.recent(100).find((one) => one.seq === seq);
    return { answers, ask, stateOf };
  }

  t.test('equal questions wait together and are counted once', async (t) => {
    const { answers, ask, stateOf } = waiting();
    const first = ask('price', 'Anna', 0);
    const second = ask('price', 'Li Wei', 500);
    t.same([first.isNew, second.isNew], [true, false]);
    t.equal(answers.ready.length, 1);
    t.equal(answers.ready[0]!.asked, 2);
    t.same(answers.ready[0]!.names, ['Anna', 'Li Wei']);
    t.match(stateOf(second.record), { state: 'merged', about: 'price' });
  });

  t.test('a question that was answered lately gets that answer, unless it was not spoken after all', async (t) => {
    const { answers, ask, stateOf } = waiting();
    answers.remember('price', 'Ten dollars.', 1000);
    const soon = ask('price', 'Anna', 30_000);
    t.notOk(soon.isNew);
    t.match(stateOf(soon.record), { state: 'merged', answer: 'Ten dollars.' });
    answers.forget('price');
    t.ok(ask('price', 'Anna', 31_000).isNew);
  });

  t.test('refuses a question beyond its room, and expires those that waited a minute', async (t) => {
    const { answers, ask, stateOf } = waiting();
    let n = 0;
    while (!answers.isFull) ask(`question ${(n += 1)}`, 'Anna', n);
    const beyond = ask('one more', 'Anna', n + 1);
    t.notOk(beyond.isNew);
    t.match(stateOf(beyond.record), { state: 'unanswered', reason: 'too many questions are waiting' });
    t.same(
      answers.expire(60_002).map(({ key }) => key),
      ['question 1'],
    );
    t.notOk(answers.has('question 1'));
    t.ok(answers.has('question 2'));
  });
});

t.test('reactions', async (t) => {
  t.test('gathers viewers into one greeting with two names and a count', async (t) => {
    const room = deskOf();
    const users = ['Anna', 'Miguel Torres', ...Array.from({ length: 12 }, (_, i) => `Viewer ${i}`), 'Anna'];
    await room.tell(users.map((user) => ({ kind: 'enter' as const, user })));
    t.same(room.lines, [], 'waits for the window');
    room.pass(15_000);
    t.equal(room.lines.length, 1);
    t.match(room.lines[0], { kind: 'timed', text: /Anna, Miguel,? and 12 other viewers/ });
    t.ok(room.states().every((state) => state === 'answered'));
  });

  t.test('limits the rate of each reaction', async (t) => {
    const room = deskOf();
    const names = ['Anna', 'Miguel', 'Sofia', 'Emma', 'Oliver', 'Lucas', 'Julia', 'Thomas'];
    for (let i = 0; i < 60; i += 1) await room.tell([{ kind: 'enter', user: names[i % 8]! }], 5000);
    t.ok(room.lines.length <= 6, `${room.lines.length} greetings in 300 s`);
    t.ok(room.lines.length >= 4);
    t.ok(new Set(room.lines.map(({ text }) => text)).size === room.lines.length);
  });

  t.test('thanks for gifts and orders with priority, likes and carts without names of strangers’ making', async (t) => {
    const room = deskOf();
    await room.tell([
      { kind: 'order', user: 'www.spam.com' },
      { kind: 'gift', user: 'Anna', text: 'rose', count: 3 },
      { kind: 'like', user: 'WhatsApp 4155552671', count: 500 },
      { kind: 'follow', user: 'Oliver' },
      { kind: 'cart', user: '' },
    ]);
    room.pass(60_000);
    t.same(room.lines.map(({ kind }) => kind).toSorted(), ['order', 'order', 'timed', 'timed', 'timed']);
    const said = room.lines.map(({ text }) => text).join(' ');
    t.match(said, /Anna/);
    t.match(said, /Oliver/);
    t.notMatch(said, /spam|WhatsApp|415/i);
  });

  t.test('takes own texts, and none when switched off', async (t) => {
    const room = deskOf({
      config: {
        reactions: { enter: { texts: { en: { named: ['Glad to see {names}.'] } } }, like: { enabled: false } },
      },
    });
    await room.tell([{ kind: 'enter' }, { kind: 'like' }]);
    room.pass(60_000);
    t.match(room.lines, [{ text: 'Glad to see Anna.' }]);
    t.equal(room.last().state, 'ignored');
  });

  t.test('counts the others in the forms of each language', async (t) => {
    const said = (language: string, viewers: number): string | undefined =>
      namesInWords(['Anna', 'Oliver'], viewers, replyPacks().get(language)!, () => true);
    t.equal(said('en', 1 + 2), 'Anna, Oliver, and 1 other viewer');
    t.equal(said('pl', 2 + 3), 'Anna, Oliver i jeszcze 3 osoby');
    t.equal(said('pl', 2 + 7), 'Anna, Oliver i jeszcze 7 osób');
    t.match(said('ar', 2 + 2), /مشاهدان آخران/);
    t.equal(said('zh', 2 + 12), 'Anna、Oliver和另外12位观众');
    t.equal(
      namesInWords(['张伟'], 1, replyPacks().get('en')!, () => true),
      undefined,
      'an English voice cannot read it',
    );
  });

  t.test('speaks timed lines at intervals and once at a time of day', async (t) => {
    const talk = { variants: [], role: 'host' as const };
    const at = (hours: number, minutes: number, day = 1): Date => new Date(2026, 0, day, hours, minutes);
    const talks = new TimedTalks(
      [
        { ...talk, text: 'A', variants: ['B'], everyMs: 10_000 },
        { ...talk, text: 'Half past eight.', at: '20:30' },
      ],
      0,
      at(20, 0),
    );
    const due = (nowMs: number, local: Date): string[] => talks.due(nowMs, local).map(({ text }) => text);
    t.same(due(5000, at(20, 0)), []);
    t.same(due(10_000, at(20, 0)), ['A']);
    t.same(due(15_000, at(20, 30)), ['Half past eight.']);
    t.same(due(16_000, at(20, 30)), [], 'once');
    t.same(due(20_000, at(20, 31)), ['B']);
    t.same(due(30_001, at(20, 30, 2)), ['A', 'Half past eight.'], 'again the next day');
    const late = new TimedTalks([{ ...talk, text: 'Late.', at: '20:30' }], 0, at(20, 30));
    t.same(late.due(1, at(20, 30)), [], 'a room that starts after it waits for tomorrow');
  });
});

t.test('replies in parts', async (t) => {
  t.test('cuts an answer behind a first clause of about a second, and at its sentences', async (t) => {
    for (const [text, parts] of [
      ['谢谢您的提问！每种颜色的起订量是五十件。', ['谢谢您的提问！', '每种颜色的起订量是五十件。']],
      ['可以的，壶盖是不锈钢的。', ['可以的，', '壶盖是不锈钢的。']],
      ['可以的，有货。', ['可以的，有货。']],
      ['对，有现货的。', ['对，有现货的。']],
      ['Sí, claro que sí, la tapa es de acero.', ['Sí, claro que sí,', 'la tapa es de acero.']],
      // Without a mark near enough: between words, but no number loses its unit and no small word its noun.
      [
        '小王和另外两位朋友问到交货期，样品三天之内发货。',
        ['小王和另外', '两位朋友问到交货期，', '样品三天之内发货。'],
      ],
      ['这款汤锅的材质是陶瓷，价格是12美元。', ['这款汤锅的材质', '是陶瓷，价格是12美元。']],
      [
        '¡Gracias por la pregunta! El mínimo es de 50 piezas.',
        ['¡Gracias por la pregunta!', 'El mínimo es de 50 piezas.'],
      ],
      ['Sí. Claro que sí, amigos.', ['Sí. Claro que sí, amigos.']],
    ] as const)
      t.same(replyParts(text, 'slow'), parts, text);
    const long = '欢迎新来的朋友，我们今天带来的三款产品都可以先看样品再下单，大货十五天发出，运费我们来出。';
    const made = replyParts(long, 'slow');
    t.equal(made.join(''), long, 'nothing is lost');
    t.ok(made[0]!.length <= 10, made.join(' | '));
  });

  t.test('cuts a quick voice’s answer once, at about four seconds', async (t) => {
    for (const [text, parts] of [
      ['Yes, it is dishwasher safe.', ['Yes, it is dishwasher safe.']],
      [
        'Thanks, Tom! It holds 750 ml, keeps drinks hot for 12 hours. The lid is bamboo.',
        ['Thanks, Tom!', 'It holds 750 ml, keeps drinks hot for 12 hours. The lid is bamboo.'],
      ],
      [
        'The smallest order is one hundred pieces for each colour and the samples leave our factory within three working days.',
        [
          'The smallest order is one hundred pieces for each colour',
          'and the samples leave our factory within three working days.',
        ],
      ],
    ] as const)
      t.same(replyParts(text, 'quick'), parts, text);
  });

  t.test('speaks the rest of an answer right behind its first part, before other answers', async (t) => {
    const agenda = new Agenda(() => 0);
    const made: string[] = [];
    const inParts = repliesInParts(agenda, { pace: () => 'slow', ahead: ({ text }) => void made.push(text) });
    const outcomes: string[] = [];
    const answer: LineRequest = {
      kind: 'reply',
      text: '谢谢您的提问！每种颜色的起订量是五十件。样品三天发货。',
      layers: [],
      onOutcome: ({ outcome }) => void outcomes.push(outcome),
    };
    inParts.add(answer);
    inParts.add({ kind: 'reply', text: '可以的。' });
    agenda.add({ kind: 'order', text: '谢谢下单！' });
    t.same(made, ['谢谢您的提问！', '每种颜色的起订量是五十件。', '样品三天发货。'], 'all parts are begun at once');
    const spoken: string[] = [];
    const isThanked = (): boolean => spoken.includes('谢谢下单！');
    for (let head = agenda.peek(false); head !== undefined; head = agenda.peek(false)) {
      spoken.push(head.request.text);
      agenda.settle(head.id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
      if (spoken.length === 1) t.notOk(!isThanked(), 'an order comes first');
    }
    t.same(spoken, ['谢谢下单！', '谢谢您的提问！', '每种颜色的起订量是五十件。', '样品三天发货。', '可以的。']);
    t.same(outcomes, ['scheduled'], 'the answer is answered once');
  });

  t.test('leaves other lines, and answers in a fast voice, whole', async (t) => {
    const agenda = new Agenda(() => 0);
    const fast = repliesInParts(agenda, { pace: () => undefined, ahead: () => t.fail('nothing to make') });
    fast.add({ kind: 'reply', text: '谢谢您的提问！每种颜色的起订量是五十件。' });
    const slow = repliesInParts(agenda, { pace: () => 'slow', ahead: () => t.fail('nothing to make') });
    slow.add({ kind: 'timed', text: '谢谢大家的关注！别忘了点一下关注。' });
    slow.add({ kind: 'reply', text: '谢谢您的提问！起订量是五十件。', interrupt: true });
    t.equal(agenda.length, 3);
  });
});

t.test('question layer', async (t) => {
  const panel = (more: object = {}) =>
    layer.parse({
      id: 'asked',
      type: 'question',
      text: 'A question',
      x: 330,
      y: 460,
      width: 360,
      theme: 'dark',
      ...more,
    });

  t.test("shows a question in the place of the room's own panel on cue", (t) => {
    const shown = questionLayer('How much?', 'Anna', [panel({ shown: 'on-cue' })]);
    t.match(shown, { id: 'viewer-question', type: 'question', text: 'How much?', user: 'Anna', x: 330, y: 460 });
    t.match(shown, { theme: 'dark' });
    t.notOk(shown.shown === 'on-cue', 'it is shown with its line, not by a cue');
    t.end();
  });

  t.test('shows it in the place of the panel of prices where a set has no place of its own for questions', (t) => {
    const place = { x: 16, y: 574, width: 280, height: 270, shown: 'on-cue', maxRows: 3, title: 'Of the panel' };
    const ladder = layer.parse({ id: 'prices', type: 'ladder', ...place });
    const shown = questionLayer('How much?', 'Anna', [panel(), ladder]);
    t.match(shown, { id: 'viewer-question', type: 'question', text: 'How much?', x: 16, y: 574, width: 280 });
    t.notOk(shown.shown === 'on-cue');
    t.equal((shown as { height?: number }).height, undefined, 'as high as its words');
    const table = layer.parse({ id: 'facts', type: 'attributes', ...place, names: ['Weight'] });
    t.match(questionLayer('How much?', 'Anna', [table]), { type: 'question', x: 16, y: 574 });
    t.end();
  });

  t.test('shows it at the top of the picture in other rooms, cut to a readable length', (t) => {
    const shown = questionLayer('ä'.repeat(200), undefined, [panel()]);
    t.match(shown, { anchor: 'top', user: '' });
    t.equal([...(shown as { text: string }).text].length, 140);
    t.end();
  });

  t.test('leaves the AI label of a room without its own uncovered', async (t) => {
    const text = 'A viewer asks for the price of 500 pieces of the insulated bottle with the bamboo lid.';
    for (const [width, height] of [
      [720, 1280],
      [1280, 720],
      [720, 720],
    ] as const) {
      const room = roomOf(t.testdir(), { width, height, layers: [questionLayer(text, 'Anna')] });
      const laid = await new LayoutMaker(room, { admit: async () => undefined, draw, kernels }).layers(null);
      const [asked, label] = ['question', 'label'].map((type) => laid.find(({ layer: one }) => one.type === type)!.box);
      const apart =
        asked!.y >= label!.y + label!.height ||
        label!.y >= asked!.y + asked!.height ||
        asked!.x >= label!.x + label!.width ||
        label!.x >= asked!.x + asked!.width;
      t.ok(apart, `${width}×${height}: ${JSON.stringify({ asked, label })}`);
    }
  });
});
