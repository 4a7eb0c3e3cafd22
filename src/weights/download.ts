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
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { EnvHttpProxyAgent, fetch, type Dispatcher } from 'undici';
import { EngineError } from '../core/errors.js';
import { sleep } from '../core/sleep.js';
import type { WeightsFile } from './catalogue.js';

const MAX_EMPTY_TRIES = 5;
const FIRST_PAUSE_MS = 500;
const STALL_MS = 30_000;

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Bytes that are on the disk. */
  readonly onBytes: (bytes: number) => void;
  readonly dispatcher: Dispatcher;
  /** Defaults above; tests are less patient. */
  readonly firstPauseMs?: number;
  readonly stallMs?: number;
}

/** Follows HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export const proxyDispatcher = (env: NodeJS.ProcessEnv): Dispatcher => {
  const of = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const options = { httpProxy: of('HTTP_PROXY'), httpsProxy: of('HTTPS_PROXY'), noProxy: of('NO_PROXY') };
  return new EnvHttpProxyAgent(Object.fromEntries(Object.entries(options).filter(([, value]) => value)));
};

/** Asking again cannot help. */
class LastWord extends Error {}

/** @throws EngineError E_MODEL_FETCH without an answer, E_MODEL_INVALID for other bytes than the pinned ones */
export async function download(url: string, file: WeightsFile, to: string, options: DownloadOptions): Promise<void> {
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
