import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../src/core/files/paths.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { whole } from '../kit/whole.js';

/** One line of this many is judged; `npm run bench -- text` judges all. */
const STEP = whole ? 3 : 12;

interface Line {
  readonly text: string;
  readonly language: string;
  readonly rules: readonly string[];
  readonly source?: 'speech' | 'caption' | 'reply';
}

t.test('recall and precision over the labelled lines stay above 97 %', async (t) => {
  const folder = join(packageRoot(), 'test/moderation/corpus');
  const judge = new TextJudge();
  let lines = 0;
  let caught = 0;
  let missed = 0;
  let alarms = 0;
  for (const file of readdirSync(folder)) {
    const rows = readFileSync(join(folder, file), 'utf8').split('\n');
    for (const row of rows.filter((_, i) => i % STEP === 0)) {
      if (row === '') continue;
      const line = JSON.parse(row) as Line;
      const { hits } = judge.judge(line.text, { surface: line.source ?? 'speech', language: line.language });
      lines += 1;
      for (const rule of line.rules) {
        if (hits.some((h) => h.rule === rule)) caught += 1;
        else missed += 1;
      }
      if (line.rules.length === 0 && hits.length > 0) alarms += 1;
    }
  }
  t.ok(lines >= (whole ? 8000 : 2000), `${lines} lines`);
  t.ok(caught / (caught + missed) >= 0.97, `caught ${caught}, missed ${missed}`);
  t.ok(caught / (caught + alarms) >= 0.97, `false alarms ${alarms}`);
});
