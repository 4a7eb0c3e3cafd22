import { resolve } from 'node:path';
import { Argument, Command } from 'commander';
import type { InstallProgress, WeightsId } from '../../weights/index.js';
import { WEIGHTS_IDS } from '../../weights/index.js';
import { writeProgress } from '../terminal/safe-output.js';
import { stopSignals } from '../stop-signals.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

const EXAMPLES = `
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
    .addHelpText('after', EXAMPLES);
  command
    .command('list')
    .description('Models, their size and licence, and whether they are installed. 列出模型。')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(list);
  command
    .command('install')
    .description('Fetches a model; goes on where a broken download stopped. 下载安装（可断点续传）。')
    .addArgument(name())
    .option('--from <folder>', 'take the files from a folder on this machine')
    .option('--mirror <url>', 'fetch from a mirror')
    .addHelpText('after', EXAMPLES)
    .action(install);
  command
    .command('remove')
    .description('Deletes a model. 删除模型。')
    .addArgument(name())
    .addHelpText('after', EXAMPLES)
    .action(remove);
  return command;
}

async function list({ json }: { json?: boolean }): Promise<void> {
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
