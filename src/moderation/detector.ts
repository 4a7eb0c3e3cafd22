import type { Match } from './match.js';
import type { Reading } from './reading.js';

/** Finds one kind of violation in a text. */
export interface Detector {
  readonly name: string;
  /** Matches in offsets of the original text. `reading.found` holds the matches of all detectors before this one. */
  detect(reading: Reading): readonly Match[];
}

/** Detectors that run one after the other. The matches of a stage are clues for the stages after it. */
export interface Stage {
  readonly name: string;
  readonly detectors: readonly Detector[];
  /** Called after its detectors, with the matches so far. */
  readonly finish?: (reading: Reading) => void;
}

/** Collects the matches of all stages in `reading.found`, in order. */
export function runStages(stages: readonly Stage[], reading: Reading): void {
  for (const { detectors, finish } of stages) {
    for (const detector of detectors) reading.add(detector.detect(reading));
    finish?.(reading);
  }
}
