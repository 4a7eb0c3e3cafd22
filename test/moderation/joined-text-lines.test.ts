import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';

const judge = new TextJudge({ model: null });
const contacts = (text: string, language: string): string[] =>
  judge
    .judge(text, { surface: 'caption', language, entry: [] })
    .hits.filter((h) => h.rule === '3.1' || h.rule === '3.2')
    .map((h) => h.match);

t.test('joins a name in a column and an address broken at its dot', async (t) => {
  for (const [language, text] of [
    ['en', 'Wha\ntsA\npp'],
    ['en', 'W\r\nH\r\nA\r\nT\r\nS\r\nA\r\nP\r\nP'],
    ['zh', '微\n信\n同\n号'],
    ['zh', '支\n付\n宝'],
    ['ko', '카\n톡'],
    ['ru', 'ват\nсап'],
    ['en', 'sunnylamps\n.com'],
    ['en', 'sunnylamps.\ncom'],
  ] as const) {
    t.match(contacts(text, language), [text], text);
  }
});

t.test('whole words on separate lines form no other word', async (t) => {
  for (const [language, text] of [
    ['en', 'Big sale.\nshop now'],
    ['en', 'New.\nLive now'],
    ['en', 'Order today.\nin stock'],
    ['en', 'NEW\nIN'],
    ['zh', '精致入微\n信赖之选'],
    ['zh', '新品\n上市\n限时\n特惠'],
    ['zh', '福\n利'],
  ] as const) {
    t.strictSame(contacts(text, language), [], text);
  }
});
