import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { typedByViewers, typedInFile } from '../../kit/typed-by-viewers.js';
import { type Typed, ViewerTraces } from '../../kit/viewer-traces.js';
import { deskOf } from './desk-of.js';
import { bottle, lunchbox } from './reply-room.js';

const KINDS = ['enter', 'follow', 'like', 'gift', 'order', 'cart'] as const;
const redTeam = typedInFile(
  readFileSync(fileURLToPath(new URL('../../kit/typed-by-red-team.tsv', import.meta.url)), 'utf8'),
);
const all = [...redTeam, ...typedByViewers()];

/** Everything that leaves a desk for picture and sound, after the groups came in, each as comments and as another event. */
async function sent(groups: readonly Typed[][], config: object, language = 'en'): Promise<string[]> {
  const room = deskOf({ config: { perViewerPerMinute: 600, ...config }, language, products: [bottle, lunchbox] });
  for (const [n, group] of groups.entries()) {
    await room.tell(group.map(({ user, text }) => ({ user, text })));
    const kind = KINDS[n % KINDS.length]!;
    await room.tell(group.map(({ user, text }) => ({ kind, user, text })));
    room.pass(120_000);
  }
  const texts = room.lines.flatMap(({ text, caption, layers = [] }) => [
    text,
    ...(typeof caption === 'string' ? [caption] : []),
    ...layers.flatMap(({ layer }) => (layer.type === 'question' ? [layer.user, layer.text] : [JSON.stringify(layer)])),
  ]);
  return [...texts, ...room.shown.map(({ layer }) => JSON.stringify(layer))];
}

const traces = new ViewerTraces([bottle, lunchbox]);

t.test('sends out no three characters in a row that a viewer typed', async (t) => {
  const typed = all.flat();
  const names = new Set(typed.map(({ user }) => user).filter((user) => user !== ''));
  const comments = new Set(typed.map(({ text }) => text));
  t.ok(names.size > 500, `${names.size} names`);
  t.ok(comments.size > 500, `${comments.size} comments`);
  for (const [n, language] of ['en', 'zh', 'ru', 'ar'].entries()) {
    const out = await sent(
      all.filter((_, i) => language === 'en' || i % 8 === n),
      {},
      language,
    );
    t.ok(out.length > (language === 'en' ? 500 : 60), `${out.length} texts of a room in ${language}`);
    t.same(traces.find(out, typed), [], language);
    t.same(
      out.flatMap((text) => traces.foreign(text)).filter((run) => run.length > 2 && !/^\d+$/.test(run)),
      [],
      'every word is the show’s own',
    );
  }
});

t.test('finds the characters of viewers where a room quotes them', async (t) => {
  const groups = typedInFile(
    'kettleking\tprice for the blue grandmotherly one?\n\tMOQ for the zanzibarian version, please?',
  );
  const out = await sent(groups, { quote: 'judged' });
  const found = traces.find(out, groups.flat());
  t.match(found.map(({ sent: one }) => one).join(), /grandmotherly/);
  t.ok(found.length >= 1);
});

t.test('finds names, and a number in two parts', async (t) => {
  const typed = typedInFile('kettleking\tx\n13800138\tx').flat();
  t.equal(traces.find(['Welcome, kettleking!'], typed).length, 1);
  t.equal(traces.find(['A question from 138 and 001:'], typed).length, 1);
  t.equal(traces.find(['Welcome, k•••g and Anna!'], typed).length, 0);
});
