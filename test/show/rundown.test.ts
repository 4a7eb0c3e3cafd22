import t from 'tap';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { Rundown } from '../../src/show/rundown.js';

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
  t.match(rundown.next(), { caption: 'one', product: 'a', kind: 'script' });
  t.match(rundown.next(), { caption: '' });
  t.match(rundown.next(), { language: 'fr', product: null });
  t.equal(rundown.next(), undefined, 'a script that does not loop ends');
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

t.test('returns fillers in turn, none for a script without any', async (t) => {
  const line = { text: 'one' };
  const rundown = new Rundown(
    scriptSchema.parse({ loop: false, fillers: ['hm', 'well'], segments: [{ lines: [line] }] }),
  );
  t.same([rundown.filler(), rundown.filler(), rundown.filler()], ['hm', 'well', 'hm']);
  t.equal(new Rundown(script(true)).filler(), undefined);
});

t.test('begins another round with a jump back, and none with one ahead', async (t) => {
  const rundown = new Rundown(script(true));
  rundown.next();
  rundown.jump({ segment: 1, line: 0 });
  t.equal(rundown.next()!.id, 's0.1.0');
  rundown.next();
  rundown.next();
  rundown.jump({ segment: 0, line: 1 });
  t.equal(rundown.next()!.id, 's2.0.1');
});
