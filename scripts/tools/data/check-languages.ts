/**
 * Speaks and draws the first line of every language of the table. Exit code 1 for a fault; letters without a font on this
 * machine are named with the package that has one, and are no fault. `--sheet DIR` writes the captions as pictures.
 *
 *     npm run tool -- check-languages [-- --sheet DIR tag…]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { languageTable, scriptOfLetter } from '../../../src/config/languages/language-table.js';
import { writeSheets } from './languages/caption-sheet.js';
import { LanguageChecker, type LanguageReport } from './languages/language-checker.js';

const nameOf = (letter: string): string => scriptOfLetter(letter)?.name ?? 'signs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { sheet: { type: 'string' } } });
const { languages } = languageTable();
const wanted = positionals.length === 0 ? languages : languages.filter(({ tag }) => positionals.includes(tag));
const checker = new LanguageChecker();
const reports: LanguageReport[] = [];
try {
  for (const row of wanted) {
    const report = await checker.check(row);
    reports.push(report);
    const { speech, faults, missing } = report;
    const switches = await checker.switches(row);
    const said =
      speech === undefined
        ? 'no embedded voice'
        : `${row.voice}: ${speech.seconds.toFixed(2)} s, ${speech.lufs.toFixed(1)} LUFS${switches > 0 ? `, ${switches} changes of language` : ''}`;
    const fontless = missing.length === 0 ? '' : `; no font for ${nameOf(missing[0]!)} (${missing.length} letters)`;
    console.log(`${faults.length === 0 ? '✓' : '✗'} ${row.tag.padEnd(8)}${said}${fontless}`);
    for (const fault of faults) console.log(`    ${fault}`);
  }
} finally {
  await checker.close();
}
const letters = reports.flatMap(({ missing }) => missing);
const fonts = new Map(letters.map((letter) => [nameOf(letter), scriptOfLetter(letter)?.font]));
for (const [name, font = 'none known'] of fonts) console.log(`no font for ${name} on this machine; package: ${font}`);
if (values.sheet !== undefined) {
  mkdirSync(values.sheet, { recursive: true });
  for (const file of await writeSheets(reports, values.sheet)) console.log(join(values.sheet, file));
}
const failed = reports.filter(({ faults }) => faults.length > 0).length;
const unspoken = reports.filter(({ speech }) => speech === undefined).length;
const drawn = reports.filter(({ caption }) => caption !== undefined).length;
console.log(`${reports.length} languages: ${reports.length - unspoken} spoken, ${drawn} drawn, ${failed} with faults`);
if (failed > 0) process.exitCode = 1;
