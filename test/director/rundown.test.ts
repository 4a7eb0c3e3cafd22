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

t.test('lines come in order, with ids that never repeat over rounds', async (t) => {
  const rundown = new Rundown(script(true));
  const ids = Array.from({ length: 7 }, () => rundown.next()!.id);
  t.same(ids, ['s0.0.0', 's0.0.1', 's0.1.0', 's1.0.0', 's1.0.1', 's1.1.0', 's2.0.0']);
});

t.test('captions default to the text, and a segment without product shows none', async (t) => {
  const rundown = new Rundown(script(false));
  t.match(rundown.next(), { caption: 'one', product: 'a', source: 'script' });
  t.match(rundown.next(), { caption: '' });
  t.match(rundown.next(), { language: 'fr', product: null });
  t.equal(rundown.next(), undefined, 'a script that does not loop ends');
});

t.test('an inserted line comes next, or after the segment', async (t) => {
  const rundown = new Rundown(script(true));
  rundown.next();
  rundown.insert({ text: 'later', caption: '', next: false });
  rundown.insert({ text: 'now', caption: '', next: true });
  t.equal(rundown.next()!.text, 'now');
  t.equal(rundown.next()!.text, 'two');
  t.equal(rundown.next()!.text, 'later');
  t.equal(rundown.next()!.text, 'three');
});

t.test('inserted lines are bounded and the refusal is told', async (t) => {
  const rundown = new Rundown(script(true));
  for (let i = 0; i < MAX_INSERTED_LINES; i += 1) t.ok(rundown.insert({ text: 'x', caption: '', next: true }));
  t.equal(rundown.insert({ text: 'x', caption: '', next: true }), undefined);
});

t.test('a position of an earlier run is taken up again, and a lost one falls back', async (t) => {
  const rundown = new Rundown(script(true));
  rundown.resumeAt({ round: 4, segment: 0, line: 1 });
  t.equal(rundown.next()!.id, 's4.0.1');
  rundown.resumeAt({ round: 4, segment: 9, line: 9 });
  t.equal(rundown.next()!.id, 's4.0.0');
});

t.test('a line is said in another of its wordings each round, with a caption that says the same', async (t) => {
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

t.test('fillers come in turn, one at a time, before all else, and a script without any has none', async (t) => {
  const line = { text: 'one' };
  const rundown = new Rundown(
    scriptSchema.parse({ loop: false, fillers: ['hm', 'well'], segments: [{ lines: [line] }] }),
  );
  t.match(rundown.fill(), { id: 'fill-1', text: 'hm', caption: 'hm', source: 'filler', product: undefined });
  t.equal(rundown.fill(), undefined, 'one waits already');
  t.equal(rundown.takeUrgent()!.text, 'hm');
  rundown.next();
  t.equal(rundown.next(), undefined, 'the script is over');
  rundown.fill();
  t.match(rundown.next(), { id: 'fill-2', text: 'well' });
  t.equal(new Rundown(script(true)).fill(), undefined);
});
