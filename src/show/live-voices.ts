import type { PackVoices } from '../avatar/presenter-pack.js';

/** The voices of the presenter on stage: one record that all parts hold, with the content of the current pack. */
export class LiveVoices {
  readonly voices: PackVoices;
  private readonly content: Record<string, PackVoices[string]>;

  constructor(voices: PackVoices) {
    this.content = { ...voices };
    this.voices = this.content;
  }

  replace(voices: PackVoices): void {
    for (const tag of Object.keys(this.content)) delete this.content[tag];
    Object.assign(this.content, voices);
  }
}
