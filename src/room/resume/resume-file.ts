import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../core/files/make-folder.js';
import { OWNER_ONLY_FOLDER } from '../../core/owner-only.js';
import { replaceFile } from '../../core/files/replace-file.js';

const count = z.int().min(0);
const processMark = z.strictObject({ pid: z.int().min(2), born: z.string().max(100) });

const resumeState = z.strictObject({
  version: z.literal(1),
  /** The engine that owns the room; null after an orderly stop. */
  engine: processMark.nullable(),
  children: z.array(processMark).max(100),
  /** The line on air, or the next one; null before the first. */
  line: z.strictObject({ round: count, segment: count, line: count, textHash: z.string().max(64) }).nullable(),
  /** Operator commands in force. */
  muted: z.boolean(),
  blanked: z.boolean(),
});
export type ResumeState = z.infer<typeof resumeState>;

/** The state in a file; `undefined` without a file, `damaged` when it cannot be parsed. */
export async function readResume(file: string): Promise<ResumeState | undefined | 'damaged'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'damaged';
  }
  try {
    return resumeState.parse(JSON.parse(text));
  } catch {
    return 'damaged';
  }
}

/** Atomic: a crash or power cut leaves the old state or the new one. */
export async function writeResume(file: string, state: ResumeState): Promise<void> {
  await makeFolder(dirname(file), OWNER_ONLY_FOLDER);
  await replaceFile(file, `${JSON.stringify(state)}\n`);
}
