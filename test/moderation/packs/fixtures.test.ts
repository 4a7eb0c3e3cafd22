import t from 'tap';
import { packFiles } from '../../../src/moderation/packs/checked-packs.js';
import { readPack } from '../../../src/moderation/packs/rule-packs.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { sampled } from '../../kit/whole.js';

// Read from the files, because checked packs have no fixtures.
const packs = packFiles(templatePath('rules')).map(readPack);
const judge = new TextJudge({ packs });
const lineOf = (f: string | { text: string }): string => (typeof f === 'string' ? f : f.text);

for (const pack of sampled(packs, 4)) {
  if (pack.trip.length + pack.pass.length === 0) continue;
  t.test(`rule ${pack.rule} in ${pack.language} reports its violations and none of its near misses`, async (t) => {
    for (const fixture of pack.trip) {
      const text = lineOf(fixture);
      const { hits } = judge.judge(text, { surface: 'speech', language: pack.language });
      t.ok(
        hits.some((h) => h.rule === pack.rule),
        `${text} breaks ${pack.rule}`,
        { found: hits.map((h) => `${h.rule} ${h.match}`) },
      );
    }
    for (const fixture of pack.pass) {
      const text = lineOf(fixture);
      const { hits } = judge.judge(text, { surface: 'speech', language: pack.language });
      t.equal(hits.map((h) => `${h.rule} ${h.kind} «${h.match}»`).join('; '), '', text);
    }
  });
}
