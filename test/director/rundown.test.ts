import t from 'tap';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { MAX_INSERTED_LINES, Rundown } from '../../src/director/rundown.js';

const script = (loop: boolean) =>
  scriptSchema.parse({
    loop,
    segments: [
      { product: 'a', lines: [{ text: 'one' }, { text: 'two', caption: '' }] },
      { lines: [{ text: 'three', language: 'fr' }] },
    ],
  });

t.test('returns lines in order, with ids unique over all rounds', async (t) => {
  const rundown = new Rundown(script(true));
  const ids = Array.from({ length: 7 }, () => rundown.next()!.id);
  t.same(ids, ['s0.0.0', 's0.0.1', 's0.1.0', 's1.0.0', 's1.0.1', 's1.1.0', 's2.0.0']);
});

t.test('defaults captions to the text, and shows no product for a segment without one', async (t) => {
  const rundown = new Rundown(script(false));
  t.match(rundown.next(), { caption: 'one', product: 'a', source: 'script' });
  t.match(rundown.next(), { caption: '' });
  t.match(rundown.next(), { language: 'fr', product: null });
  t.equal(rundown.next(), undefined, 'a script that does not loop ends');
});

t.test('inserts a line next, or after the segment', async (t) => {
  const rundown = new Rundown(script(true));
  rundown.next();
  rundown.insert({ text: 'later', caption: '', next: false });
  rundown.insert({ text: 'now', caption: '', next: true });
  t.equal(rundown.next()!.text, 'now');
  t.equal(rundown.next()!.text, 'two');
  t.equal(rundown.next()!.text, 'later');
  t.equal(rundown.next()!.text, 'three');
});

t.test('limits inserted lines and reports the refusal', async (t) => {
  const rundown = new Rundown(script(true));
  for (let i = 0; i < MAX_INSERTED_LINES; i += 1) t.ok(rundown.insert({ text: 'x', caption: '', next: true }));
  t.equal(rundown.insert({ text: 'x', caption: '', next: true }), undefined);
});

t.test('resumes at the position of an earlier run, with fallbacks for a missing one', async (t) => {
  const rundown = new Rundown(script(true));
  rundown.resumeAt({ round: 4, segment: 0, line: 1 });
  t.equal(rundown.next()!.id, 's4.0.1');
  rundown.resumeAt({ round: 4, segment: 9, line: 9 });
  t.equal(rundown.next()!.id, 's4.0.0');
});

t.test('rotates the variants of a line each round, with a matching caption', async (t) => {
  const rundown = new Rundown(
    scriptSchema.parse({
      segments: [
        {
          lines: [
            { text: 'one', caption: 'ONE', variants: ['uno', 'un'] },
            { text: 'two', caption: '', variants: ['dos'] },
          ],
        },
      ],
    }),
  );
  const said = Array.from({ length: 8 }, () => rundown.next()!).map(({ text, caption }) => `${text}/${caption}`);
  t.same(said, ['one/ONE', 'two/', 'uno/uno', 'dos/', 'un/un', 'two/', 'one/ONE', 'dos/']);
});

t.test('returns fillers in turn, one at a time, before all else; none for a script without any', async (t) => {
  const line = { text: 'one' };
  const rundown = new Rundown(
    scriptSchema.parse({ loop: false, fillers: ['hm', 'well'], segments: [{ lines: [line] }] }),
  );
  t.match(rundown.fill(), { id: 'fill-1', text: 'hm', caption: 'hm', source: 'filler', product: undefined });
  t.equal(rundown.fill(), undefined, 'one is already waiting');
  t.equal(rundown.takeUrgent()!.text, 'hm');
  rundown.next();
  t.equal(rundown.next(), undefined, 'the script has ended');
  rundown.fill();
  t.match(rundown.next(), { id: 'fill-2', text: 'well' });
  t.equal(new Rundown(script(true)).fill(), undefined);
});
