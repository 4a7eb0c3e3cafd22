import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { wordingsOf } from '../../config/sections/script.js';
import { makeFolder } from '../../core/files/paths.js';
import { OWNER_ONLY_FOLDER } from '../../core/files/own-folder.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { Log } from '../../core/log.js';
import { baseLanguage } from '../../moderation/index.js';
import type { AddedWordings, LiveLine, ScriptContent } from '../../show/script/live-script.js';
import { lineSeconds } from '../draft.js';
import { sentencePlans } from '../plan-schema.js';

/** Enough for a line that comes every minute of two hours. */
const MAX_PER_LINE = 128;

/**
 * Wordings that were written on air, by line. A line is never changed, only replaced, so an edited line begins without any,
 * and those of a removed one are freed with it.
 */
export class FreshWordings implements AddedWordings {
  private readonly lines = new WeakMap<LiveLine, string[]>();

  of(line: LiveLine): readonly string[] {
    return this.lines.get(line) ?? [];
  }

  add(line: LiveLine, wording: string): void {
    const list = this.lines.get(line);
    if (list === undefined) this.lines.set(line, [wording]);
    else if (list.length < MAX_PER_LINE) list.push(wording);
  }

  clear(line: LiveLine): void {
    this.lines.delete(line);
  }
}

const CHARS_PER_SECOND = 14;
/** Answers to viewers and pauses make a round longer, never shorter: this is on the safe side. */
const MARGIN = 1.1;

/** Wordings that each line needs so that none comes again within some hours, at the length of a round. */
export function wantedWordings(
  { segments, gapMs }: ScriptContent,
  room: string,
  hours: number,
  speaks: (segment: number) => boolean,
): number {
  const plans = sentencePlans();
  let seconds = 0;
  for (const [i, { lines }] of segments.entries()) {
    if (!speaks(i)) continue;
    for (const line of lines) {
      const rate = plans.get(baseLanguage(line.language ?? room))?.charsPerSecond ?? CHARS_PER_SECOND;
      seconds += lineSeconds({ wordings: wordingsOf(line) }, rate, line.pauseMs ?? gapMs);
    }
  }
  const rounds = (hours * 3600 * MARGIN) / Math.max(1, seconds);
  return Math.min(MAX_PER_LINE, Math.ceil(rounds) + 1);
}

/** Lines whose wordings are kept; those written longest ago go first. */
const MAX_LINES = 400;
const MAX_CHARS = 320;
const MAX_BYTES = 8 * 1024 * 1024;

const keptFile = z.strictObject({
  version: z.literal(1),
  lines: z.array(z.tuple([z.string().max(64), z.array(z.string().max(MAX_CHARS)).max(MAX_PER_LINE)])).max(MAX_LINES),
});

/**
 * The wordings of a language model over a restart of the room, in a file of its state folder.
 *
 * Problem: the wordings of two hours cost requests and money, and a room restarts at every update.
 * Rule: they are kept by the content of their line, so that an edited line begins afresh; they are data of a file, judged again
 * before they are spoken. A damaged file costs its wordings and nothing else.
 */
export class KeptWordings {
  private isChanged = false;
  private failed = false;

  private constructor(
    private readonly file: string,
    private readonly log: Log,
    private readonly lines: Map<string, readonly string[]>,
  ) {}

  static async open(file: string, log: Log): Promise<KeptWordings> {
    return new KeptWordings(file, log, new Map(await read(file, log)));
  }

  of(key: string): readonly string[] {
    return this.lines.get(key) ?? [];
  }

  /** The wordings of a line; none removes it. */
  set(key: string, wordings: readonly string[]): void {
    const before = this.lines.get(key) ?? [];
    if (before.length === wordings.length && before.every((one, i) => one === wordings[i])) return;
    this.isChanged = true;
    this.lines.delete(key);
    if (wordings.length > 0) this.lines.set(key, wordings.slice(-MAX_PER_LINE));
    if (this.lines.size > MAX_LINES) this.lines.delete(this.lines.keys().next().value!);
  }

  /** Writes the file where something changed; never throws. */
  async save(): Promise<void> {
    if (!this.isChanged) return;
    this.isChanged = false;
    try {
      await makeFolder(dirname(this.file), OWNER_ONLY_FOLDER);
      await replaceFile(this.file, `${JSON.stringify({ version: 1, lines: [...this.lines] })}\n`);
      this.failed = false;
    } catch (error) {
      this.isChanged = true;
      if (!this.failed) this.log.warn({ file: this.file, reason: String(error) }, 'fresh wordings are not kept');
      this.failed = true;
    }
  }
}

/** Equal for lines with the same words about the same product. */
export const keptKey = (line: LiveLine, product: string | undefined, language: string): string =>
  createHash('sha256')
    .update(JSON.stringify([language, product ?? '', ...wordingsOf(line)]))
    .digest('hex')
    .slice(0, 40);

async function read(file: string, log: Log): Promise<z.infer<typeof keptFile>['lines']> {
  try {
    if ((await stat(file)).size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`);
    return keptFile.parse(JSON.parse(await readFile(file, 'utf8'))).lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn({ file, reason: String(error).slice(0, 200) }, 'kept wordings cannot be read; new ones are written');
    return [];
  }
}
