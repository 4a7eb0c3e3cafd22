import { ORIENTATIONS } from '../src/config/templates/template-layout.js';
import type { CheckFault } from '../src/engine/check/check-fault.js';
import { templateNames } from '../src/engine/templates/load-template.js';
import { checkTemplate, lintTemplate } from './templates/lint-template.js';
import { LONG_LANGUAGES } from './templates/long-products.js';

/**
 * `npm run templates:check [-- [--layout] template…]`: `engine check` of every template in both orientations, where nothing may be
 * found, in languages that rotate; then its layout with the longest titles in German, Chinese, Arabic and Thai, where titles may end
 * in an ellipsis and nothing else may be found. `--layout` leaves the first part out.
 */
const args = process.argv.slice(2);
const layoutOnly = args.includes('--layout');
const asked = args.filter((one) => !one.startsWith('--'));
let checks = 0;
let failures = 0;

function report(what: string, faults: readonly CheckFault[]): void {
  checks += 1;
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${what}`);
  for (const one of faults) console.log(`    ${one.severity} ${one.where}: expected ${one.expected}, found ${one.found}`);
  if (faults.length > 0) failures += 1;
}

for (const [i, name] of (asked.length > 0 ? asked : templateNames()).entries()) {
  for (const [o, orientation] of ORIENTATIONS.entries()) {
    const language = LONG_LANGUAGES[(i + 2 * o) % LONG_LANGUAGES.length]!;
    if (!layoutOnly) report(`${name} ${orientation} ${language}`, await checkTemplate(name, orientation, language));
    for (const long of LONG_LANGUAGES) report(`${name} ${orientation} ${long}, long title`, await lintTemplate(name, orientation, long));
  }
}
console.log(`${checks} checks, ${failures} with findings`);
if (failures > 0) process.exitCode = 1;
