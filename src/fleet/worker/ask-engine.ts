import { readFileSync } from 'node:fs';
import { heldFetch } from '../../core/net/held-fetch.js';
import { below } from '../lease/end-tree.js';

const TICKS_PER_SECOND = 100; // USER_HZ, fixed by the kernel's ABI on all common architectures

/** CPU time of a process and all below it, in seconds. */
export function treeCpuSeconds(root: number): number {
  return [root, ...below(root)].reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  } catch {
    return 0; // it ended
  }
}

/** Of an answer of an engine. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** What a worker asks of the engines that it runs. */
export interface EngineApi {
  readonly url: string;
  readonly token: string;
}

export async function askEngine<T>(
  { url, token }: EngineApi,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  { body, limitMs = 3000 }: { readonly body?: unknown; readonly limitMs?: number } = {},
): Promise<T> {
  const answer = await heldFetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await answer.text(MAX_ANSWER_BYTES);
  // A room that is not on air answers 503, with its state.
  if (!answer.ok && answer.status !== 503) throw new Error(text.slice(0, 500));
  return JSON.parse(text === '' ? 'null' : text) as T;
}

export interface Health {
  readonly ok: boolean;
  readonly frame: number;
}
