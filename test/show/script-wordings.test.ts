import t from 'tap';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { Rundown } from '../../src/show/rundown.js';

const say = (rundown: Rundown, lines: number): string[] => Array.from({ length: lines }, () => rundown.next()!.text);

t.test('does not say a wording again that another line has just said', async (t) => {
  const ask = ['Any questions?', 'Ask me.', 'Write to me.', 'What is unclear?'];
  const line = (from: number) => {
    const [text, ...variants] = [...ask.slice(from), ...ask.slice(0, from)];
    return { text: text!, variants };
  };
  // By the number of the round the first and the second would share each wording, two lines apart.
  const rundown = new Rundown(scriptSchema.parse({ segments: [{ lines: [line(0)] }, { lines: [line(0)] }] }));
  t.same(new Set(say(rundown, 4)).size, 4);
  const again = say(rundown, 8);
  t.same(again.slice(0, 4), again.slice(4), 'then each after three others');
});

t.test('has the same wording when the plan is taken back and comes again', async (t) => {
  const rundown = new Rundown(
    scriptSchema.parse({ segments: [{ lines: [{ text: 'a', variants: ['b', 'c'] }, { text: 'd' }] }] }),
  );
  const position = rundown.position();
  const first = say(rundown, 3);
  rundown.restore(position);
  t.same(say(rundown, 3), first);
});

t.test('says added wordings before any that were said, and those in turn afterwards', async (t) => {
  const rundown = new Rundown(scriptSchema.parse({ segments: [{ lines: [{ text: 'a', variants: ['b'] }] }] }));
  const added: string[] = [];
  rundown.wordings.added = { of: () => added };
  t.same(say(rundown, 2), ['a', 'b']);
  added.push('c', 'd');
  t.same(new Set(say(rundown, 2)), new Set(['c', 'd']));
  t.same(say(rundown, 2), ['a', 'b']);
});

t.test('an edited line begins with its own text', async (t) => {
  const rundown = new Rundown(scriptSchema.parse({ segments: [{ id: 's', lines: [{ id: 'l', text: 'a' }] }] }));
  t.equal(rundown.next()!.text, 'a');
  const { content } = rundown.script;
  rundown.replace({
    ...content,
    segments: [{ ...content.segments[0]!, lines: [{ ...content.segments[0]!.lines[0]!, text: 'z' }] }],
  });
  t.equal(rundown.next()!.text, 'z');
});
