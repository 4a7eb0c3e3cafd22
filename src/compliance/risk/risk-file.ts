import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { makeFolder } from '../../core/files/make-folder.js';
import { OWNER_ONLY_FOLDER } from '../../core/owner-only.js';
import { replaceFile } from '../../core/files/replace-file.js';

const amount = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

const riskState = z.strictObject({
  version: z.literal(1),
  /** Wall time of the write, for which all scores are given, in ms since 1970. */
  atMs: amount,
  /** True from reaching the limit until the score is well below it. */
  limited: z.boolean(),
  /** True from the risk slate until a person resumes; missing in older files. */
  held: z.boolean().optional(),
  rules: z.record(z.string(), z.strictObject({ score: amount, count: amount, lastMs: amount })),
});
export type RiskState = z.infer<typeof riskState>;

/**
 * The state in a file; undefined when there is none. An unreadable file is an E_RISK error, not a score of 0: a damaged
 * file must not clear a room's record.
 */
export async function readRisk(file: string): Promise<RiskState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EngineError('E_RISK', {
      where: file,
      expected: 'a readable file',
      found: (cause as Error).message,
      cause,
    });
  }
  const broken = (found: string, cause?: unknown): EngineError =>
    new EngineError('E_RISK', {
      where: file,
      expected: "a room's risk score",
      found,
      todo: 'move the file away to begin at 0',
      cause,
    });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw broken('no JSON', cause);
  }
  const result = riskState.safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw broken(`${issue!.path.map(String).join('.')}: ${issue!.message}`);
}

/** Atomic: a crash leaves the old state or the new one. */
export async function writeRisk(file: string, state: RiskState): Promise<void> {
  const folder = dirname(file);
  await makeFolder(folder, OWNER_ONLY_FOLDER);
  await replaceFile(file, `${JSON.stringify(state)}\n`, {
    draft: join(folder, `.${basename(file)}.${process.pid}.tmp`),
  });
}
