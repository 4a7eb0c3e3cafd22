import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closeable } from '../core/closeable.js';
import { EngineError } from '../core/errors.js';
import { makeFolder } from '../core/files/paths.js';
import { replaceFile } from '../core/files/replace-file.js';
import { OWNER_ONLY_FOLDER } from '../core/files/own-folder.js';
import { markProcess, stillRuns, type ProcessMark } from '../core/processes/process-mark.js';

const FILE = 'studio.lock';

/** The studio that uses a data folder now. */
export async function studioAt(data: string): Promise<ProcessMark | undefined> {
  try {
    const mark = JSON.parse(await readFile(join(data, FILE), 'utf8')) as ProcessMark;
    return stillRuns(mark) ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** One studio a data folder. Throws E_IN_USE while another one runs. */
export async function lockStudio(data: string): Promise<Closeable> {
  await makeFolder(data, OWNER_ONLY_FOLDER);
  const other = await studioAt(data);
  if (other !== undefined)
    throw new EngineError('E_IN_USE', {
      where: data,
      expected: 'a folder that no other studio uses',
      found: `a studio that runs as process ${other.pid}`,
      todo: 'end it first, or choose another folder with --data',
    });
  await replaceFile(join(data, FILE), JSON.stringify(markProcess(process.pid) ?? {}));
  return {
    async close() {
      await rm(join(data, FILE), { force: true });
    },
  };
}
