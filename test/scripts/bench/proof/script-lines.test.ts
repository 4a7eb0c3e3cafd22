import t from 'tap';
import { LINES, readMarks } from '../../../../scripts/bench/proof/lines.js';
import { ForbiddenLines, textOfLine, withForbiddenLines } from '../../../../scripts/bench/proof/script-lines.js';
import { unheardSpans } from '../../../../src/moderation/unheard/unheard-spans.js';
import { TextJudge } from '../../../../src/moderation/text-judge.js';
import { loadRoom } from '../../../../src/config/load-room.js';
import { templatePath } from '../../../../src/core/files/paths.js';
import { Listings } from '../../../../src/show/listings.js';

const script = { segments: [{ lines: [{ text: 'One.' }, { text: 'Two.' }] }, { lines: [{ text: 'Three.' }] }] };

t.test('puts a forbidden line after each script line, starting at another one for each seed', async (t) => {
  const first = new Set<string>();
  for (let seed = 0; seed < 5; seed += 1) {
    const made = withForbiddenLines(script, seed);
    t.strictSame(
      made.segments.map(({ lines }) => lines.length),
      [4, 2],
    );
    first.add(textOfLine(made, 's3.0.1')!);
    t.equal(textOfLine(made, 's3.1.0'), 'Three.');
  }
  t.equal(first.size, 5);
  t.equal(textOfLine(script, 'say-1'), undefined);
});

t.test('counts a heard line without a ledger entry as unmuted', async (t) => {
  const made = withForbiddenLines(script, 0);
  const heard = new ForbiddenLines();
  heard.see(textOfLine(made, 's0.0.1'), 30);
  heard.see(textOfLine(made, 's0.0.3'), 90);
  heard.see('One.', 120);
  const entry = { kind: 'text', action: 'mute', frame: 28, detail: { line: 's0.0.1' } };
  t.match(heard.injections([entry], made), [
    { outcome: 'spoken', line: 's0.0.1', fromFrame: 28, muted: true },
    { outcome: 'spoken', fromFrame: 90, muted: false },
  ]);
});

t.test('mutes nothing else in these lines with the products of the demo room', async (t) => {
  const room = loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'));
  const entries = new Listings(room.products);
  const judge = new TextJudge();
  for (const { language, marked } of LINES) {
    const { text, around } = readMarks(marked);
    for (const { id } of room.products) {
      const { hits } = judge.judge(text, { surface: 'speech', language, entry: entries.of(id, text) });
      const { places } = unheardSpans(
        text,
        language,
        hits.filter((h) => h.action === 'mute'),
      );
      for (const p of places) t.ok(p.start >= around.start && p.end <= around.end, `${id}: ${marked}`);
    }
  }
});
