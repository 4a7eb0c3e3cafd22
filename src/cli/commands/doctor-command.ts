import { Command } from 'commander';
import type { Finding } from '../../engine/check/doctor.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Checks this machine for everything a room needs; exit code 1 when a room could not run')
    .option('--voices', 'list voices instead')
    .option('--lang <tag>', 'with --voices: only voices of a language, such as es or pt-BR')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  engine doctor
  engine doctor --voices --lang es
  engine doctor --json`,
    )
    .action(doctor);
}

const MARKS: Record<Finding['state'], string> = { good: '✓', fair: '!', bad: '✗' };

async function doctor({ voices, lang, json }: { voices?: boolean; lang?: string; json?: boolean }): Promise<void> {
  if (voices === true || lang !== undefined) return printVoices(lang, json === true);
  const { runDoctor } = await import('../../engine/check/doctor.js');
  const findings = await runDoctor();
  if (findings.some((f) => f.state === 'bad')) process.exitCode = 1;
  if (json === true) {
    process.stdout.write(`${JSON.stringify(findings)}\n`);
    return;
  }
  for (const f of findings) {
    process.stdout.write(`${MARKS[f.state]} ${f.what.padEnd(14)}${f.found}\n`);
    if (f.todo !== undefined) process.stdout.write(`  ${' '.repeat(14)}→ ${f.todo}\n`);
  }
}

async function printVoices(language: string | undefined, json: boolean): Promise<void> {
  const { listVoices } = await import('../../engine/check/list-voices.js');
  const voices = await listVoices(language);
  if (voices.length === 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(voices)}\n`);
    return;
  }
  for (const v of voices) {
    const users = v.presenters.length === 0 ? '' : ` (voice of ${v.presenters.join(', ')})`;
    process.stdout.write(`${v.language.padEnd(14)}${v.name.padEnd(36)}${v.note}${users}\n`);
  }
  if (voices.length === 0)
    process.stdout.write(`no voice speaks "${language}"; engine doctor --voices lists all languages\n`);
  else process.stdout.write(`${voices.length} voices\n`);
}
