import { createHash } from 'node:crypto';
import { constants, createReadStream, statSync } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Dispatcher } from 'undici';
import type { Closeable } from '../core/closeable.js';
import { EngineError, toEngineError } from '../core/errors.js';
import { makeFolder } from '../core/files/paths.js';
import { cacheFolder } from '../core/files/own-folder.js';
import { markProcess, type ProcessMark, stillRuns } from '../core/processes/process-mark.js';
import { sleep } from '../core/sleep.js';
import { bytesOf, CATALOGUE, type Weights, type WeightsFile, type WeightsId, weightsOf } from './catalogue.js';

/** Moves the folder that holds one folder for each installed model. */
export const WEIGHTS_VARIABLE = 'ENGINE_MODELS';

/**
 * Where installed models lie: ENGINE_MODELS, else the user's data folder, since a download of minutes is no cache; a
 * user without a home has the lasting cache.
 */
export function weightsRoot(env: NodeJS.ProcessEnv = process.env): string {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const [moved, data, home] = [set(WEIGHTS_VARIABLE), set('XDG_DATA_HOME'), set('HOME')];
  if (moved !== undefined) return moved;
  if (data !== undefined) return join(data, 'showroom', 'models');
  if (home !== undefined) return join(home, '.local', 'share', 'showroom', 'models');
  return cacheFolder('models', env);
}

export const weightsFolder = (id: WeightsId, env?: NodeJS.ProcessEnv): string => join(weightsRoot(env), id);

/** Whether every file is there with its length. Their sums are checked when they are installed. */
export function isInstalled(id: WeightsId, env?: NodeJS.ProcessEnv): boolean {
  const folder = weightsFolder(id, env);
  return weightsOf(id).files.every(
    ({ name, bytes }) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === bytes,
  );
}

/**
 * One file of known length and sum from a server.
 *
 * Problem: a connection breaks off after half of 240 MB, a server ignores Range or sends another file, a proxy stands in
 * between, a line delivers nothing for minutes.
 * Rule: bytes go to a `.part` beside the file, and the next try asks for the rest alone. A server that answers with the
 * whole file is read from its start. Each try that brought bytes earns another; tries without any are counted. The sum
 * decides at the end: a wrong file is removed and never used.
 * Numbers: 5 tries in a row without a byte, pauses of 0.5 to 8 s; a try ends after 30 s without a byte.
 */

const MAX_EMPTY_TRIES = 5;
const FIRST_PAUSE_MS = 500;
const STALL_MS = 30_000;

interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes that are on the disk. */
  readonly onBytes: (bytes: number) => void;
  readonly dispatcher: Dispatcher;
  /** Defaults above; tests are less patient. */
  readonly firstPauseMs?: number;
  readonly stallMs?: number;
}

/** Follows HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
const proxyDispatcher = async (env: NodeJS.ProcessEnv): Promise<Dispatcher> => {
  const { EnvHttpProxyAgent } = await import('undici');
  const of = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const options = { httpProxy: of('HTTP_PROXY'), httpsProxy: of('HTTPS_PROXY'), noProxy: of('NO_PROXY') };
  return new EnvHttpProxyAgent(Object.fromEntries(Object.entries(options).filter(([, value]) => value)));
};

/** Asking again cannot help. */
class LastWord extends Error {}

/** @throws EngineError E_MODEL_FETCH without an answer, E_MODEL_INVALID for other bytes than the pinned ones */
async function download(url: string, file: WeightsFile, to: string, options: DownloadOptions): Promise<void> {
  const part = `${to}.part`;
  let empty = 0;
  for (;;) {
    options.signal.throwIfAborted();
    const before = await sizeOf(part);
    if (before === file.bytes) break;
    if (before > file.bytes) await rm(part, { force: true });
    try {
      await fetchRest(url, file, part, before > file.bytes ? 0 : before, options);
    } catch (cause) {
      options.signal.throwIfAborted();
      empty = (await sizeOf(part)) > before ? 0 : empty + 1;
      if (cause instanceof LastWord || empty >= MAX_EMPTY_TRIES)
        throw new EngineError('E_MODEL_FETCH', {
          where: url,
          expected: `${file.bytes} bytes`,
          found: reasonOf(cause),
          cause,
        });
      await sleep((options.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** Math.max(0, empty - 1), options.signal);
    }
  }
  await requireSum(part, file, url).catch(async (error: unknown) => {
    await rm(part, { force: true });
    throw error;
  });
  await rename(part, to);
}

/** @throws EngineError E_MODEL_INVALID when length or sum are not the pinned ones */
export async function requireSum(path: string, { name, bytes, sha256 }: WeightsFile, where: string): Promise<void> {
  const found = await sizeOf(path);
  const hash = createHash('sha256');
  if (found === bytes) for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const sum = found === bytes ? hash.digest('hex') : undefined;
  if (sum === sha256) return;
  throw new EngineError('E_MODEL_INVALID', {
    where,
    expected: `${name} of ${bytes} bytes, sha256 ${sha256}`,
    found: sum === undefined ? `${found} bytes` : `sha256 ${sum}`,
    todo: 'the file is not the published one and was not used; fetch it again, from another place if this repeats',
  });
}

async function fetchRest(
  url: string,
  file: WeightsFile,
  part: string,
  from: number,
  { signal, onBytes, dispatcher, stallMs = STALL_MS }: DownloadOptions,
): Promise<void> {
  const { fetch } = await import('undici');
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), stallMs);
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), stallMs);
  };
  let handle: FileHandle | undefined;
  try {
    const answer = await fetch(url, {
      dispatcher,
      signal: AbortSignal.any([signal, stall.signal]),
      headers: { 'accept-encoding': 'identity', ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
    });
    const { status } = answer;
    if (status === 416) {
      await answer.body?.cancel();
      await rm(part, { force: true });
      throw new Error('status 416: the server has fewer bytes');
    }
    if (status !== 200 && status !== 206) {
      await answer.body?.cancel();
      const passing = status >= 500 || status === 408 || status === 429;
      throw passing ? new Error(`status ${status}`) : new LastWord(`status ${status}`);
    }
    const goesOn = status === 206 && answer.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true;
    let at = goesOn ? from : 0;
    handle = await open(part, goesOn ? 'a' : 'w', 0o644);
    for await (const chunk of answer.body ?? []) {
      alive();
      const bytes = chunk as Uint8Array;
      at += bytes.length;
      if (at > file.bytes) {
        await handle.truncate(0);
        throw new LastWord(`more than ${file.bytes} bytes`);
      }
      await handle.writeFile(bytes);
      onBytes(at);
    }
    if (at < file.bytes) throw new Error(`the connection ended after ${at} bytes`);
    await handle.sync();
  } catch (cause) {
    if (stall.signal.aborted) throw new Error(`no byte for ${Math.round(stallMs / 1000)} s`, { cause });
    throw cause;
  } finally {
    clearTimeout(timer);
    await handle?.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** fetch() hides the reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { cause } = error as { cause?: unknown };
  const inner = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : undefined;
  return (inner === undefined ? error.message : `${error.message} (${inner})`).slice(0, 200);
}

/** Names a mirror where the published addresses are out of reach. */
const MIRROR_VARIABLE = 'ENGINE_MODEL_MIRROR';
/** Left free on the disk. */
const SPARE_BYTES = 64 << 20;

export interface InstallProgress {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

interface InstallOptions {
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
  const dispatcher = await proxyDispatcher(env);
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

export interface WeightsState {
  readonly name: WeightsId;
  readonly title: string;
  readonly use: { readonly en: string; readonly zh: string };
  readonly licence: string;
  readonly bytes: number;
  readonly state: 'installed' | 'installing' | 'failed' | 'missing';
  readonly doneBytes: number;
  /** Why the last install failed. */
  readonly fault: string | null;
  readonly files: readonly { readonly name: string; readonly url: string; readonly bytes: number }[];
}

type Settings = Pick<InstallOptions, 'env' | 'mirror' | 'weights' | 'patience'>;

/** Installs models in the background of an engine, with progress to ask for. */
export class WeightsInstaller implements Closeable {
  private readonly running = new Map<WeightsId, { readonly abort: AbortController; readonly done: Promise<void> }>();
  private readonly progress = new Map<WeightsId, InstallProgress>();
  private readonly faults = new Map<WeightsId, string>();
  private closed = false;

  constructor(private readonly settings: Settings = {}) {}

  list(): WeightsState[] {
    return CATALOGUE.map((weights) => {
      const { id, title, use, licence, files } = weights;
      const isThere = isInstalled(id, this.settings.env);
      const isRunning = this.running.has(id);
      const fault = this.faults.get(id) ?? null;
      const bytes = bytesOf(weights);
      const state = isRunning ? 'installing' : isThere ? 'installed' : fault === null ? 'missing' : 'failed';
      return {
        name: id,
        title,
        use,
        licence,
        bytes,
        state,
        doneBytes: state === 'installed' ? bytes : (this.progress.get(id)?.doneBytes ?? 0),
        fault,
        files: files.map(({ name, url, bytes: size }) => ({ name, url, bytes: size })),
      };
    });
  }

  /** Starts an install; one that runs already goes on. */
  install(id: WeightsId): void {
    if (this.closed) throw new EngineError('E_CLOSED', { where: `model "${id}"`, found: 'the engine stops' });
    if (this.running.has(id)) return;
    const abort = new AbortController();
    this.faults.delete(id);
    const done = installWeights(id, {
      ...this.settings,
      signal: abort.signal,
      onProgress: (progress) => this.progress.set(id, progress),
    })
      .then(
        () => undefined,
        (error: unknown) => {
          if (!abort.signal.aborted) this.faults.set(id, toEngineError(error, `model "${id}"`).message);
        },
      )
      .finally(() => this.running.delete(id));
    this.running.set(id, { abort, done });
  }

  /** Ends an install, whose next one goes on where it stopped; without one, removes the files. */
  async remove(id: WeightsId): Promise<boolean> {
    const running = this.running.get(id);
    running?.abort.abort();
    await running?.done;
    this.progress.delete(id);
    this.faults.delete(id);
    if (running !== undefined) return true;
    return removeWeights(id, this.settings.env);
  }

  async close(): Promise<void> {
    this.closed = true;
    const all = [...this.running.values()];
    for (const { abort } of all) abort.abort();
    await Promise.all(all.map(({ done }) => done));
  }
}
