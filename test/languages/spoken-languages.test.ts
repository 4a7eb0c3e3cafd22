import t from 'tap';
import { languageTable, scriptOfLetter } from '../../src/config/languages/language-table.js';
import { LanguageChecker } from '../../scripts/tools/data/languages/language-checker.js';
import { whole } from '../kit/whole.js';

const STEP = whole ? 5 : 20;

t.test('languages of the table are spoken, and drawn where this machine has their fonts', async (t) => {
  const checker = new LanguageChecker();
  t.teardown(() => checker.close());
  const { languages, scripts } = languageTable();
  for (const row of languages.filter((_, i) => i % STEP === 0)) {
    const { faults, missing, caption, speech } = await checker.check(row);
    t.same(faults, [], `${row.english}: ${speech === undefined ? 'unspoken' : `${speech.seconds.toFixed(2)} s`}`);
    if (missing.length === 0) t.ok(caption, `${row.english} is drawn`);
    // The engine's own fonts are on every machine: only a script with a font of its own may be without.
    else
      t.ok(
        missing.map(scriptOfLetter).some((script) => script?.font !== undefined),
        `${row.english}: ${missing}`,
      );
  }
  t.ok(Object.values(scripts).filter(({ font }) => font === undefined).length >= 11);
});
