import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { type InstallProgress, WEIGHTS_IDS, type WeightsId } from '../../weights/index.js';
import { languageTag, numberBetween } from '../options.js';
import { stopSignals } from '../stop-signals.js';
import { writeProgress } from '../terminal/safe-output.js';
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

const MODEL_EXAMPLES = `
Examples:
  engine model list
  engine model install kokoro
  engine model install kokoro --from ~/Downloads
  engine model install sense-voice --mirror https://hf-mirror.com{path}
  engine model remove kokoro

A mirror is a folder with MODEL/FILE, or has {url} for the published address or {path} for that without its host; the
variable ENGINE_MODEL_MIRROR names one, too. HTTPS_PROXY and NO_PROXY are followed. ENGINE_MODELS moves the models.
镜像可以是含“模型名/文件名”的目录地址，也可用 {url}（完整原地址）或 {path}（去掉域名的路径）占位；也可设环境变量 ENGINE_MODEL_MIRROR。`;

export function modelCommand(): Command {
  const name = (): Argument => new Argument('<name>', 'model').choices(WEIGHTS_IDS);
  const command = new Command('model')
    .description('Installs models beside the package: human voices, live takeover. 安装模型：真人声音、真人接管。')
    .addHelpText('after', MODEL_EXAMPLES);
  command
    .command('list')
    .description('Models, their size and licence, and whether they are installed. 列出模型。')
    .option('--json', 'print JSON')
    .addHelpText('after', MODEL_EXAMPLES)
    .action(listModels);
  command
    .command('install')
    .description('Fetches a model; goes on where a broken download stopped. 下载安装（可断点续传）。')
    .addArgument(name())
    .option('--from <folder>', 'take the files from a folder on this machine')
    .option('--mirror <url>', 'fetch from a mirror')
    .addHelpText('after', MODEL_EXAMPLES)
    .action(install);
  command
    .command('remove')
    .description('Deletes a model. 删除模型。')
    .addArgument(name())
    .addHelpText('after', MODEL_EXAMPLES)
    .action(remove);
  return command;
}

async function listModels({ json }: { json?: boolean }): Promise<void> {
  const { WeightsInstaller, weightsRoot } = await import('../../weights/index.js');
  const models = new WeightsInstaller().list();
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ folder: weightsRoot(), models })}\n`);
    return;
  }
  const reader = terminalLanguage(process.env);
  for (const { name, title, use, licence, bytes, state } of models) {
    const there = state === 'installed' ? '✓' : '–';
    process.stdout.write(
      `${there} ${name.padEnd(14)}${megabytes(bytes).padEnd(9)}${title} (${licence}): ${use[reader]}\n`,
    );
  }
  process.stdout.write(reader === 'zh' ? `目录 ${weightsRoot()}\n` : `in ${weightsRoot()}\n`);
}

async function install(name: WeightsId, { from, mirror }: { from?: string; mirror?: string }): Promise<void> {
  await installWithProgress(name, { from, mirror });
}

/** Installs a model with a line of progress on standard error. */
export async function installWithProgress(
  name: WeightsId,
  { from, mirror }: { readonly from?: string | undefined; readonly mirror?: string | undefined } = {},
): Promise<void> {
  const { bytesOf, installWeights, weightsOf } = await import('../../weights/index.js');
  const weights = weightsOf(name);
  const zh = terminalLanguage(process.env) === 'zh';
  const { title, licence, authors } = weights;
  process.stderr.write(
    zh
      ? `${title}，${megabytes(bytesOf(weights))}，许可 ${licence}（${authors}）\n`
      : `${title}, ${megabytes(bytesOf(weights))}, licence ${licence} (${authors})\n`,
  );
  const stop = stopSignals();
  const bar = progressBar();
  try {
    const folder = await installWeights(name, {
      from: from === undefined ? undefined : resolve(from),
      mirror,
      signal: stop.signal,
      onProgress: bar.show,
    });
    bar.clear();
    process.stdout.write(zh ? `已安装到 ${folder}\n` : `Installed in ${folder}\n`);
  } finally {
    bar.clear();
    stop.close();
  }
}

async function remove(name: WeightsId): Promise<void> {
  const { removeWeights } = await import('../../weights/index.js');
  const was = await removeWeights(name);
  const zh = terminalLanguage(process.env) === 'zh';
  const said = was ? (zh ? '已删除' : 'Removed') : zh ? '未安装' : 'Not installed:';
  process.stdout.write(`${said} ${name}\n`);
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** One line that is written over on a terminal, a line each tenth elsewhere. */
function progressBar(): { show: (progress: InstallProgress) => void; clear: () => void } {
  const onTerminal = process.stderr.isTTY;
  const startedMs = performance.now();
  let firstBytes: number | undefined;
  let shown = -1;
  let dirty = false;
  return {
    show({ file, doneBytes, totalBytes }) {
      firstBytes ??= doneBytes;
      const percent = Math.floor((doneBytes * 100) / totalBytes);
      if (percent === shown || (!onTerminal && Math.floor(percent / 10) === Math.floor(shown / 10))) return;
      shown = percent;
      const rate = (doneBytes - firstBytes) / Math.max(1, performance.now() - startedMs) / 1000;
      const line = `${String(percent).padStart(3)} %  ${megabytes(doneBytes)} / ${megabytes(totalBytes)}  ${rate.toFixed(1)} MB/s  ${file}`;
      if (onTerminal) writeProgress(process.stderr, line);
      else process.stderr.write(`${line}\n`);
      dirty = onTerminal;
    },
    clear() {
      if (dirty) writeProgress(process.stderr, '');
      dirty = false;
    },
  };
}
