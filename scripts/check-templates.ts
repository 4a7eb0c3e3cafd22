/**
 * Checks every template in both orientations with `engine check`, where nothing may be found, in languages that rotate; then its
 * layout with the longest titles in German, Chinese, Arabic and Thai, where titles may end in an ellipsis and nothing else
 * may be found. `--part check` or `--part layout` does one of the two.
 *
 *     npm run templates:check [-- --part layout template…]
 */
import { parseArgs } from 'node:util';
import { ORIENTATIONS } from '../src/config/templates/template-layout.js';
import type { CheckFault } from '../src/engine/check/check-fault.js';
import { templateNames } from '../src/engine/templates/load-template.js';
import { checkTemplate, lintTemplate } from './templates/lint-template.js';
import { LONG_LANGUAGES } from './templates/long-products.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { part: { type: 'string' } } });
const { part } = values;
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
    if (part !== 'layout') {
      report(`${name} ${orientation} ${language}`, await checkTemplate(name, orientation, language));
    }
    if (part === 'check') continue;
    for (const long of LONG_LANGUAGES) {
      report(`${name} ${orientation} ${long}, long title`, await lintTemplate(name, orientation, long));
    }
  }
}
console.log(`${checks} checks, ${failures} with findings`);
if (failures > 0) process.exitCode = 1;
