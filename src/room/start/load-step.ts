/** Current step of a room that is being loaded: `done` of `of` where it can be counted. */
export interface LoadStep {
  readonly step: 'parts' | 'pictures' | 'texts' | 'composed' | 'encoder' | 'speech';
  readonly done?: number;
  readonly of?: number;
}
export type OnLoadStep = (step: LoadStep) => void;
