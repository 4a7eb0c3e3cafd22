import type { RuleActions } from '../moderation/packs/index.js';
import { isContact, unheardSpans, type Afterwards, type Unheard } from '../moderation/index.js';
import type { TextHit } from '../core/verdict.js';

const WITHHELD = { speech: 'mute', caption: 'drop-caption' } as const;

/** The contacts of a line; those continued from an earlier line are findings of their own. */
export interface TrailedLine extends Unheard {
  readonly more: readonly TextHit[];
}

/**
 * Contacts across lines: when one line ends with an app and the next begins with the account, neither is heard or
 * shown.
 */
export class ContactTrail {
  private last: Afterwards | undefined;

  constructor(
    private readonly surface: 'speech' | 'caption',
    private readonly actions: Pick<RuleActions, 'action'>,
  ) {}

  /** Context that the lines so far leave for the next one. */
  get afterwards(): Afterwards | undefined {
    return this.last;
  }

  /** Returns to an earlier context: the lines since then are not heard or shown. */
  restore(afterwards: Afterwards | undefined): void {
    this.last = afterwards;
  }

  /** `hits`: the line's withheld hits. `before`: further context before it. */
  follow(text: string, language: string, hits: readonly TextHit[], before = this.last): TrailedLine {
    const unheard = unheardSpans(text, language, hits, before);
    const more = unheard.continued.map(({ start, end, rule }): TextHit => {
      const isTone = this.surface === 'speech' && this.actions.action(rule, 'speech') === 'tone';
      const action = isTone ? 'tone' : WITHHELD[this.surface];
      return { rule, kind: 'continued', start, end, match: text.slice(start, end), action };
    });
    return { ...unheard, more };
  }

  /** The line is spoken or shown, except its withheld parts. */
  add({ afterwards }: Pick<Unheard, 'afterwards'>): void {
    this.last = afterwards;
  }
}

/** Whether part of a line is withheld as a contact. */
export const withholdsContact = ({ places }: Unheard): boolean => places.some(isContact);
