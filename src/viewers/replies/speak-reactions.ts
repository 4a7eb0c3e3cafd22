import type { RepliesConfig } from '../../config/sections/replies.js';
import type { EventLog } from '../events/event-log.js';
import type { AnswerSpeaker } from './answer-speaker.js';
import type { Reactions } from './reactions.js';

type Change = Parameters<EventLog['change']>[1];

export interface SpokenReactions {
  readonly config: Pick<RepliesConfig, 'reactions'>;
  readonly events: EventLog;
  readonly speaker: AnswerSpeaker;
  readonly reactions: Reactions;
}

/** Speaks the reactions that are due, and marks the events that they are for. */
export function speakReactions({ config, events, speaker, reactions }: SpokenReactions, nowMs: number): void {
  for (const { kind, texts, records } of reactions.due(nowMs)) {
    const mark = (change: Change): void => {
      for (const seq of records) events.change(seq, { path: 'reaction', ...change });
    };
    const lineKind = kind === 'order' || kind === 'gift' ? 'order' : 'timed';
    const said = speaker.say(
      texts.map((text) => ({ text, language: undefined })),
      { kind: lineKind, role: config.reactions[kind].role },
      ({ outcome, ...more }) =>
        mark('reason' in more ? { state: 'unanswered', outcome, reason: more.reason } : { state: 'answered', outcome }),
    );
    mark('refused' in said ? { state: 'unanswered', reason: said.refused } : { answer: said.text });
  }
}
