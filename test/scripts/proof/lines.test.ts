import t from 'tap';
import { LINES, readMarks } from '../../../scripts/proof/lines.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { unheardPlaces } from '../../../src/director/show/unheard-places.js';

t.test('of each line of the proof the forbidden words are muted, and none that is harmless', async (t) => {
  const judge = new TextJudge();
  for (const { language, marked } of LINES) {
    const { text, forbidden, around } = readMarks(marked);
    const { hits: all } = judge.judge(text, { surface: 'speech', language });
    const hits = unheardPlaces(
      text,
      all.filter((h) => h.action === 'mute'),
    );
    t.ok(
      hits.some((h) => h.start <= forbidden.start && h.end >= forbidden.end),
      marked,
    );
    for (const h of hits)
      t.ok(h.start >= around.start && h.end <= around.end, `${text.slice(h.start, h.end)}: ${marked}`);
  }
});
