import { constants, statSync } from 'node:fs';
import { copyFile, mkdir, open, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { makeFolder } from '../core/files/make-folder.js';
import { markProcess, stillRuns, type ProcessMark } from '../core/processes/process-mark.js';
import { bytesOf, weightsOf, type Weights, type WeightsFile, type WeightsId } from './catalogue.js';
import { download, proxyDispatcher, requireSum, type DownloadOptions } from './download.js';
import { isInstalled, weightsFolder } from './weights-folder.js';

/** Names a mirror where the published addresses are out of reach. */
const MIRROR_VARIABLE = 'ENGINE_MODEL_MIRROR';
/** Left free on the disk. */
const SPARE_BYTES = 64 << 20;

export interface InstallProgress {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface InstallOptions {
  /** A folder that holds the files. */
  readonly from?: string | undefined;
  /**
   * `https://host/path` holds `MODEL/FILE`; `{url}` in it stands for the published address, `{path}` for that
   * without its host.
   */
  readonly mirror?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Replaces the catalogue's entry; for tests. */
  readonly weights?: Weights;
  readonly patience?: Pick<DownloadOptions, 'firstPauseMs' | 'stallMs'>;
}

/**
 * Installs a model: all of its files with the pinned sums, or nothing. Files gather in a folder beside, where a broken
 * download goes on the next time, and the folder is renamed when it is whole.
 *
 * @returns the folder
 * @throws EngineError E_MODEL_FETCH, E_MODEL_INVALID, E_MODEL_MISSING, E_DISK_FULL, E_IN_USE
 */
export async function installWeights(id: WeightsId, options: InstallOptions): Promise<string> {
  const { from, env = process.env, signal, onProgress } = options;
  const weights = options.weights ?? weightsOf(id);
  const folder = weightsFolder(id, env);
  const draft = `${folder}.partial`;
  await makeFolder(dirname(folder));
  const release = await takeLock(`${folder}.lock`, id);
  try {
    await mkdir(draft, { recursive: true });
    await requireSpace(weights, draft, id);
    const totalBytes = bytesOf(weights);
    let doneBefore = 0;
    for (const file of weights.files) {
      const to = join(draft, file.name);
      const report = (bytes: number): void =>
        onProgress?.({ file: file.name, doneBytes: doneBefore + bytes, totalBytes });
      report(0);
      if (from !== undefined) await take(file, from, to);
      else if (statSync(to, { throwIfNoEntry: false })?.size !== file.bytes)
        await fetchFile(weights, file, to, { ...options, env, signal, onBytes: report });
      doneBefore += file.bytes;
      report(0);
    }
    const old = `${folder}.old`;
    await rm(old, { recursive: true, force: true });
    await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(draft, folder);
    await rm(old, { recursive: true, force: true });
    return folder;
  } finally {
    await release();
  }
}

/** False when nothing was there. */
export async function removeWeights(id: WeightsId, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const folder = weightsFolder(id, env);
  const was = isInstalled(id, env) || (await exists(folder)) || (await exists(`${folder}.partial`));
  if (!was) return false;
  const release = await takeLock(`${folder}.lock`, id);
  try {
    for (const path of [folder, `${folder}.partial`, `${folder}.old`]) await rm(path, { recursive: true, force: true });
  } finally {
    await release();
  }
  return true;
}

/** The address of a file, by way of a mirror where one is set. */
export function addressOf(id: string, file: Pick<WeightsFile, 'name' | 'url'>, mirror: string | undefined): string {
  if (mirror === undefined || mirror === '') return file.url;
  if (mirror.includes('{url}')) return mirror.replace('{url}', file.url);
  if (mirror.includes('{path}')) return mirror.replace('{path}', new URL(file.url).pathname);
  return `${mirror.replace(/\/+$/, '')}/${id}/${file.name}`;
}

async function fetchFile(
  weights: Weights,
  file: WeightsFile,
  to: string,
  options: InstallOptions & { readonly env: NodeJS.ProcessEnv; readonly onBytes: (bytes: number) => void },
): Promise<void> {
  const { env, signal, onBytes, patience } = options;
  const url = addressOf(weights.id, file, options.mirror ?? env[MIRROR_VARIABLE]);
  const dispatcher = proxyDispatcher(env);
  try {
    await download(url, file, to, { signal, onBytes, dispatcher, ...patience });
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'E_MODEL_FETCH') throw error;
    const files = weights.files.map((one) => `${one.url} (${one.bytes} bytes)`).join(' and ');
    throw new EngineError('E_MODEL_FETCH', {
      where: error.where,
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.found === undefined ? {} : { found: error.found }),
      todo:
        `run the command again, it goes on where it stopped; behind a firewall set HTTPS_PROXY, or name a mirror with --mirror or ${MIRROR_VARIABLE}; ` +
        `without network fetch ${files} on another machine into one folder, then run engine model install ${weights.id} --from FOLDER`,
      cause: error,
    });
  } finally {
    await dispatcher.close().catch(() => undefined);
  }
}

/** Copies a file that is already on this machine. */
async function take(file: WeightsFile, from: string, to: string): Promise<void> {
  const path = join(from, file.name);
  if (!(await exists(path)))
    throw new EngineError('E_MODEL_MISSING', {
      where: from,
      expected: `the file ${file.name} of ${file.bytes} bytes`,
      found: 'no such file',
      todo: `fetch ${file.url} into this folder`,
    });
  // The wrong file, or a device, is not copied whole first.
  if ((await stat(path)).size !== file.bytes) await requireSum(path, file, path);
  await copyFile(path, to, constants.COPYFILE_FICLONE);
  // The copy is checked, so that nothing changes between the check and its use.
  await requireSum(to, file, path).catch(async (error: unknown) => {
    await rm(to, { force: true });
    throw error;
  });
}

async function requireSpace(weights: Weights, draft: string, id: string): Promise<void> {
  let missing = SPARE_BYTES;
  for (const { name, bytes } of weights.files) {
    const path = join(draft, name);
    const have =
      (
        await stat(path)
          .catch(() => stat(`${path}.part`))
          .catch(() => undefined)
      )?.size ?? 0;
    missing += Math.max(0, bytes - have);
  }
  const { bavail, bsize } = await statfs(draft);
  if (bavail * bsize >= missing) return;
  const mb = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
  throw new EngineError('E_DISK_FULL', {
    where: draft,
    expected: `${mb(missing)} of free space for ${id}`,
    found: mb(bavail * bsize),
    todo: 'free some space, or set ENGINE_MODELS to a folder on another disk',
  });
}

/** One install of a model at a time; a lock whose process is gone is taken over. */
async function takeLock(path: string, id: string): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries += 1) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(JSON.stringify(markProcess(process.pid) ?? { pid: process.pid, born: '' }));
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = await holderOf(path);
      if (tries > 2 || (holder !== undefined && stillRuns(holder)))
        throw new EngineError('E_IN_USE', {
          where: path,
          expected: `no other install of ${id}`,
          found: holder === undefined ? 'another one' : `process ${holder.pid} installs it`,
          todo: 'wait for it, then try again',
        });
      await rm(path, { force: true });
    }
  }
}

async function holderOf(path: string): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessMark;
  } catch {
    return undefined;
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
