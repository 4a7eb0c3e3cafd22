import type { ShowReport } from '../../config/api/report-handle.js';
import type { NumberWords, Say } from './report-words.js';
import type { Tick } from './time-axis.js';

/** The inputs of each section of the page. */
export interface PageContext {
  readonly report: ShowReport;
  readonly say: Say;
  /** Name of a value. */
  readonly value: (value: string) => string;
  readonly words: NumberWords;
  readonly ticks: readonly Tick[];
  readonly language: 'en' | 'zh';
}
