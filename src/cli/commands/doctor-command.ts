import { Command } from 'commander';
import { terminalLanguage } from '../terminal/terminal-language.js';
import type { Finding } from '../../check/doctor.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks this machine for everything a room needs; exit code 1 when a room could not run. 检查本机环境。',
    )
    .option('--voices', 'list voices instead, with their expected quality, and the services that can speak')
    .option('--lang <tag>', 'with --voices: only voices of a language, such as es or pt-BR')
    .option('--languages', 'list the languages instead: embedded voice with its expected quality, service, font')
    .option('--room <file>', 'with --voices: the voices of a room in the order in which they are tried')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  engine doctor
  engine doctor --voices --lang es
  engine doctor --voices --room room.json
  engine doctor --languages --json
  engine doctor --json`,
    )
    .action(doctor);
}

const MARKS: Record<Finding['state'], string> = { good: '✓', fair: '!', bad: '✗' };

interface DoctorOptions {
  readonly voices?: boolean;
  readonly languages?: boolean;
  readonly lang?: string;
  readonly room?: string;
  readonly json?: boolean;
}

async function doctor({ voices, languages, lang, room, json }: DoctorOptions): Promise<void> {
  if (room !== undefined) return printChain(room, json === true);
  if (languages === true) return printLanguages(json === true);
  if (voices === true || lang !== undefined) return printVoices(lang, json === true);
  const { runDoctor } = await import('../../check/doctor.js');
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
  const { listVoices } = await import('../../check/list-voices.js');
  const voices = await listVoices(language);
  if (voices.length === 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(voices)}\n`);
    return;
  }
  const { listProviders } = await import('../../check/list-voices.js');
  const { languageVoiceLines, providerLines, voiceLines } = await import('../print-voices.js');
  const reader = terminalLanguage(process.env);
  const spoken = language === undefined ? languageVoiceLines(voices, reader) : voiceLines(voices, language, reader);
  const lines = [...spoken, ...providerLines(listProviders(process.env), reader)];
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function printLanguages(json: boolean): Promise<void> {
  const { listLanguages } = await import('../../check/list-languages.js');
  const languages = await listLanguages();
  if (json) {
    process.stdout.write(`${JSON.stringify(languages)}\n`);
    return;
  }
  const { languageLines } = await import('../print-languages.js');
  for (const line of languageLines(languages, terminalLanguage(process.env))) process.stdout.write(`${line}\n`);
}

/** Exit code 1 when a key of the chain is missing. */
async function printChain(file: string, json: boolean): Promise<void> {
  const [{ loadRoom }, { listChain }, { drawStars }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../check/list-voices.js'),
    import('../../speech/provider-table.js'),
  ]);
  const chain = listChain(loadRoom(file, { withoutKeys: true }), process.env);
  if (chain.some(({ ready }) => !ready)) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(chain)}\n`);
    return;
  }
  for (const { where, voice, stars, ready, found } of chain)
    process.stdout.write(`${ready ? '✓' : '✗'} ${where.padEnd(28)}${drawStars(stars)}  ${voice}: ${found}\n`);
  process.stdout.write('  then the embedded voice of the line’s language\n');
}
