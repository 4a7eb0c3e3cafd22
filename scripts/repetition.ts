import { parseArgs } from 'node:util';
import { script as scriptSchema } from '../src/config/sections/script.js';
import { TextJudge } from '../src/moderation/index.js';
import { readProductFile } from '../src/director/writer/read-product-file.js';
import { measureRepetition } from '../src/director/writer/repetition.js';
import { writeScript } from '../src/director/writer/write-script.js';
import { templatePath } from '../src/core/files/paths.js';

/**
 * How often a show repeats itself: writes a script without a language model, plays 24 hours of its rundown without sound, and counts
 * within each two hours how often a sentence comes again. `npx tsx scripts/repetition.ts [--product FILE] [--lang en]`
 */
const { values } = parseArgs({
  options: {
    product: { type: 'string', default: templatePath('rooms', 'demo-portrait', 'room.json') },
    lang: { type: 'string', default: 'en' },
    hours: { type: 'string', default: '24' },
  },
});
const products = readProductFile(values.product);
const judge = new TextJudge();
process.stdout.write(
  '| wordings | lines | round | times a sentence is said in 2 h: mean, p95, maximum | first repeat after |\n| --- | --- | --- | --- | --- |\n',
);
for (const maxWordings of [1, 3, 6, 12, 20]) {
  const written = await writeScript({
    products,
    languages: [values.lang],
    roomLanguage: values.lang,
    minutes: 30,
    style: 'warm',
    judge,
    maxWordings,
  });
  const script = scriptSchema.parse({ segments: written.segments });
  const { mean, p95, maximum, shortestGapS } = measureRepetition(script, Number(values.hours) * 3600, values.lang);
  process.stdout.write(
    `| ${maxWordings} | ${written.lines} | ${Math.round(written.seconds)} s | ${mean.toFixed(1)}, ${p95}, ${maximum} | ${Math.round(shortestGapS)} s |\n`,
  );
}
