import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { LiveRoomConfig } from '../../../src/config/room-config.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { EditHistory } from '../../../src/room/commands/edit-history.js';
import { LlmCommands } from '../../../src/room/commands/room-commands.js';
import { RepliesCommands } from '../../../src/room/commands/replies-commands.js';
import { RoomSaver } from '../../../src/room/commands/save-room.js';
import { LlmBudget } from '../../../src/writer/llm/llm-budget.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { frameIndex } from '../../../src/core/time.js';
import { chatServer, streamed } from '../../kit/chat-server.js';

const room = {
  name: 'shop',
  presenter: 'aiko',
  layers: [{ id: 'who', type: 'presenter' }],
  script: { segments: [{ lines: [{ text: 'Hello' }] }] },
  replies: { rules: [{ id: 'ship', match: 'ship', answers: ['Sea and air, the page has the terms.'] }] },
};

function commandsOf(t: Test, more: object = {}) {
  const dir = t.testdir({ 'room.json': JSON.stringify({ ...room, ...more }, null, 2) });
  const file = join(dir, 'room.json');
  const live = new LiveRoomConfig(loadRoom(file, { withoutKeys: true }));
  const history = new EditHistory();
  const changes: number[] = [];
  const common = { live, history, onChange: () => void changes.push(live.room.replies.rules.length) };
  const ledger = { append: () => undefined } as never;
  const replies = new RepliesCommands({ ...common, judge: new TextJudge(), ledger, frame: () => frameIndex(0) });
  const budget = new LlmBudget(() => Date.UTC(2026, 0, 1));
  const llm = new LlmCommands({ ...common, budget, signal: new AbortController().signal, env: {} });
  const saver = new RoomSaver({ room: live.room, layers: () => new Map() });
  const saved = async () => {
    await saver.save();
    return JSON.parse(readFileSync(file, 'utf8')) as { replies: object; llm?: object };
  };
  return { live, history, changes, replies, llm, budget, saved };
}

t.test('changes how viewers are answered, at once and back again, and saves only what differs', async (t) => {
  const { live, history, changes, replies, saved } = commandsOf(t);
  const rules = [...live.room.replies.rules, { id: 'logo', match: 'logo', answers: ['Yes, from 500 pieces.'] }];
  t.match(await replies.patch({ rules, reactions: { enter: { minGapMs: 40_000 } } }), { minGapMs: 4000 });
  t.same(changes, [2], 'the desk follows');
  t.match(live.room.replies, { rules: [{ id: 'ship' }, { id: 'logo', quietMs: 30_000 }] });
  t.same((await saved()).replies, {
    rules: [
      { id: 'ship', match: 'ship', answers: ['Sea and air, the page has the terms.'] },
      { id: 'logo', match: 'logo', answers: ['Yes, from 500 pieces.'] },
    ],
    reactions: { enter: { minGapMs: 40_000 } },
  });
  await history.undo();
  t.equal(live.room.replies.rules.length, 1);
  await history.redo();
  t.equal(live.room.replies.reactions.enter.minGapMs, 40_000);
  t.same(changes, [2, 1, 2]);
});

t.test('refuses words that must not be spoken, with the rule, and changes nothing', async (t) => {
  const { live, replies, history } = commandsOf(t);
  const refused = { code: 'E_TEXT_REFUSED', details: { reason: { en: /contact/, zh: /联系方式/ } } };
  await t.rejects(
    replies.patch({ rules: [{ id: 'a', match: 'a', answers: ['Ask us on WhatsApp +1 415 555 2671.'] }] }),
    {
      ...refused,
      where: 'PATCH /api/replies: rules[0].answers[0]',
    },
  );
  await t.rejects(replies.patch({ timedTalk: [{ everyMs: 60_000, text: 'Mail sales@shop.example now.' }] }), refused);
  const plain = ['Welcome, add us on WhatsApp +1 415 555 2671!'];
  await t.rejects(replies.patch({ reactions: { enter: { texts: { en: { named: [], plain } } } } }), refused);
  await t.rejects(replies.patch({ minGapMs: 'soon' }), {
    code: 'E_BAD_REQUEST',
    where: 'PATCH /api/replies: minGapMs',
  });
  const twice = { id: 'a', match: 'a', answers: [] };
  await t.rejects(replies.patch({ rules: [twice, twice] }), { code: 'E_BAD_REQUEST', found: '"a" again' });
  t.equal(live.room.replies.rules[0]!.id, 'ship');
  t.equal(history.steps().length, 0);
});

t.test('tries the language model, counts its cost, and stops at the limit of the day', async (t) => {
  const { llm, budget, saved, history } = commandsOf(t);
  t.match(await llm.test(), { ok: false, fault: 'no language model is set' });
  const usage = { prompt_tokens: 1000, completion_tokens: 500 };
  const server = await chatServer(streamed('{"answer":"Ready to help."}', 'stop', usage));
  t.teardown(() => server.close());
  const section = { baseUrl: server.baseUrl, model: 'small', price: { input: 100, output: 200 }, maxUsdPerDay: 0.1 };
  t.match(await llm.patch(section), { llm: { model: 'small' }, off: null, today: { usd: 0 } });
  t.match(await llm.test(), { ok: true, answer: 'Ready to help.', fault: null });
  t.match(llm.state(), { today: { requests: 1, inputTokens: 1000, usd: 0.2 }, off: /limit of 0\.10 US dollars/ });
  t.match(await llm.test(), { ok: false, fault: /limit/ });
  t.equal(server.seen.length, 1, 'nothing is sent beyond the limit');
  t.match((await saved()).llm, section);
  await t.rejects(llm.patch({ apiKey: 'sk-123' }), { code: 'E_BAD_REQUEST', where: 'PATCH /api/llm: apiKey' });
  t.match(await llm.patch({ apiKey: '${NO_KEY}' }), { off: /NO_KEY is not set/ });
  t.match(await llm.patch(null), { llm: null });
  await history.undo();
  t.match(llm.state().llm, { model: 'small' });
  t.equal(budget.maxUsd, 0.1);
});
