/**
 * Checks every template in both orientations with `engine check`, where nothing may be found, in languages that rotate; then its
 * layout with the longest titles in German, Chinese, Arabic and Thai, where titles may end in an ellipsis and nothing else
 * may be found; then with its own texts in languages that rotate, so that all 18 have their turn. `--part check`, `--part layout [--titles de,ar]`
 * or `--part texts` does one of the three.
 *
 *     npm run templates:check [-- --part layout template…]
 */
import { parseArgs } from 'node:util';
import { ORIENTATIONS } from '../src/config/templates/template-layout.js';
import { TEMPLATE_LANGUAGES } from '../src/config/templates/template-texts.js';
import type { CheckFault } from '../src/engine/check/check-fault.js';
import { templateNames } from '../src/engine/templates/load-template.js';
import { checkTemplate, lintLongTitle, lintTemplate } from './templates/lint-template.js';
import { LONG_LANGUAGES } from './templates/long-products.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { part: { type: 'string' }, titles: { type: 'string' } },
});
const { part } = values;
const titles = values.titles?.split(',') ?? LONG_LANGUAGES;
/** Each template is laid out with every sixth language in either orientation. */
const TURNS = 6;
let checks = 0;
let failures = 0;

function report(what: string, faults: readonly CheckFault[]): void {
  checks += 1;
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${what}`);
  for (const one of faults)
    console.log(`    ${one.severity} ${one.where}: expected ${one.expected}, found ${one.found}`);
  if (faults.length > 0) failures += 1;
}

for (const [i, name] of (positionals.length > 0 ? positionals : templateNames()).entries()) {
  for (const [o, orientation] of ORIENTATIONS.entries()) {
    const language = LONG_LANGUAGES[(i + 2 * o) % LONG_LANGUAGES.length]!;
    if (part === undefined || part === 'check') {
      report(`${name} ${orientation} ${language}`, await checkTemplate(name, orientation, language));
    }
    if (part === 'check') continue;
    if (part !== 'texts') {
      for (const long of titles)
        report(`${name} ${orientation} ${long}, long title`, await lintLongTitle(name, orientation, long));
    }
    if (part === 'layout') continue;
    const own = TEMPLATE_LANGUAGES.filter((_, l) => (l + i + 3 * o) % TURNS === 0);
    for (const language of own)
      report(`${name} ${orientation} ${language}, texts`, await lintTemplate(name, orientation, language));
  }
}
console.log(`${checks} checks, ${failures} with findings`);
if (failures > 0) process.exitCode = 1;
