import type { Orientation } from '../../../../src/config/templates/template.js';
import type { CheckFault } from '../../../../src/admission/check-rights.js';
import type { CheckTools } from '../../../../src/check/check-tools.js';
import { checkLongTitle, checkTemplate, lintLongTitle, lintTemplate } from './lint-template.js';

export const PARTS = ['titles', 'placeholders', 'texts', 'layout'] as const;
export type Part = (typeof PARTS)[number];

/** A template in one orientation, and the languages to check it in. */
export interface RoomJob {
  readonly template: string;
  readonly orientation: Orientation;
  readonly parts: readonly Part[];
  /** Language of the placeholders. */
  readonly language: string;
  /** Languages of the longest titles. */
  readonly titles: readonly string[];
  /** Languages of the template's own texts. */
  readonly texts: readonly string[];
}

export interface RoomResult {
  /** Checks that ran. */
  readonly checks: number;
  readonly faults: readonly { readonly check: string; readonly fault: CheckFault }[];
  readonly seconds: number;
}

/** Runs the checks of one room, one after the other. */
export async function checkOne(job: RoomJob, tools: CheckTools): Promise<RoomResult> {
  const { template, orientation, parts } = job;
  const startedMs = performance.now();
  const faults: { check: string; fault: CheckFault }[] = [];
  let checks = 0;
  const run = async (check: string, found: Promise<readonly CheckFault[]>): Promise<void> => {
    checks += 1;
    faults.push(...(await found).map((fault) => ({ check, fault })));
  };
  if (parts.includes('titles')) {
    for (const language of job.titles)
      await run(`check ${language}, long title`, checkLongTitle(template, orientation, language, tools));
  }
  if (parts.includes('placeholders'))
    await run(`check ${job.language}`, checkTemplate(template, orientation, job.language, tools));
  if (parts.includes('layout')) {
    for (const language of job.titles)
      await run(`layout ${language}, long title`, lintLongTitle(template, orientation, language, tools));
  }
  if (parts.includes('texts')) {
    for (const language of job.texts)
      await run(`texts ${language}`, lintTemplate(template, orientation, language, undefined, tools));
  }
  return { checks, faults, seconds: (performance.now() - startedMs) / 1000 };
}
