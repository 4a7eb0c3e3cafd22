import t from 'tap';
import { LINES, readMarks } from '../../../../scripts/bench/proof/lines.js';
import { TextJudge } from '../../../../src/moderation/text-judge.js';
import { unheardSpans } from '../../../../src/moderation/unheard/unheard-spans.js';

t.test('mutes the forbidden words of each proof line and no harmless ones', async (t) => {
  const judge = new TextJudge();
  for (const { language, marked } of LINES) {
    const { text, forbidden, around } = readMarks(marked);
    const { hits: all } = judge.judge(text, { surface: 'speech', language });
    const { places: hits } = unheardSpans(
      text,
      language,
      all.filter((h) => h.action === 'mute'),
    );
    t.ok(
      Array.from(text.matchAll(/\S/g)).every(
        ({ index: at }) => at < forbidden.start || at >= forbidden.end || hits.some((h) => h.start <= at && at < h.end),
      ),
      marked,
    );
    for (const h of hits)
      t.ok(h.start >= around.start && h.end <= around.end, `${text.slice(h.start, h.end)}: ${marked}`);
  }
});
