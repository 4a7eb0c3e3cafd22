import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { languageTag, numberBetween } from '../options.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

const EXAMPLES = `
Examples:
  engine voice list
  engine voice list --language zh
  engine voice say "欢迎来到直播间！" --language zh --out hello.wav
  engine voice say "Only 48 dollars for two hundred pieces." --language en --seed 7 --out price.wav
  engine voice say "Bienvenidos." --language es --voice em_alex --out hola.wav`;

export function voiceCommand(): Command {
  const command = new Command('voice')
    .description('Lists the voices of a language, and has one say a text. 试听声音。')
    .addHelpText('after', EXAMPLES);
  command
    .command('list')
    .description('What speaks a language: native, with an accent or as a robot. 列出各语言的声音。')
    .option('--language <language>', 'one language, such as zh', languageTag)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(list);
  command
    .command('say')
    .description('Writes a WAV file of a text. 把一句话说成 WAV 文件。')
    .argument('<text>', 'what to say')
    .option('--language <language>', 'language of the text (default: en)', languageTag)
    .option('--voice <name>', 'a voice by name (engine voice list, engine doctor --voices)')
    .option('--seed <number>', 'another take of the same line', numberBetween(0, 2 ** 32 - 1, 'a whole number', true))
    .requiredOption('--out <file>', 'WAV file to write')
    .addHelpText('after', EXAMPLES)
    .action(say);
  return command;
}

const KINDS = {
  en: { native: 'native', accented: 'accented', robot: 'robot', installed: 'installed', missing: 'not installed' },
  zh: { native: '母语', accented: '带口音', robot: '机器音', installed: '已安装', missing: '未安装' },
} as const;

async function list({ language, json }: { language?: string; json?: boolean }): Promise<void> {
  const { listSpeakers } = await import('../../admission/texts/list-speakers.js');
  const speakers = listSpeakers(language);
  if (json === true) {
    process.stdout.write(`${JSON.stringify(speakers)}\n`);
    return;
  }
  const words = KINDS[terminalLanguage(process.env)];
  for (const { language: tag, name, kind, voices, installed } of speakers) {
    const state = installed ? words.installed : words.missing;
    process.stdout.write(`${tag.padEnd(8)}${name.padEnd(24)}${words[kind].padEnd(10)}${state}  ${voices.join(' ')}\n`);
  }
  if (speakers.some(({ installed }) => !installed)) process.stdout.write('\nengine model install kokoro\n');
}

interface SayOptions {
  readonly language?: string;
  readonly voice?: string;
  readonly seed?: number;
  readonly out: string;
}

async function say(text: string, { language = 'en', voice, seed, out }: SayOptions): Promise<void> {
  const [{ sayText }, { monoWav }] = await Promise.all([
    import('../../admission/texts/say-text.js'),
    import('../../audio/mono-wav.js'),
  ]);
  const { pcm, voice: by } = await sayText(text, { language, voice, seed });
  await writeFile(out, monoWav(pcm, 48_000));
  process.stdout.write(`${out}: ${(pcm.length / 48_000).toFixed(1)} s, ${by}\n`);
}
