import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { CloseStack } from '../../core/close-stack.js';
import { toEngineError } from '../../core/errors.js';
import { postJson } from '../../core/net/post-json.js';
import { seededRandom } from '../../core/random.js';
import { EventIntake, EventLog } from '../../viewers/events/event-intake.js';
import type { LineRequest } from '../../show/agenda/agenda.js';
import {
  type AgendaPort,
  OpenQuestions,
  repliesInParts,
  type ShowLayer,
} from '../../viewers/replies/replies-in-parts.js';
import { LlmAnswers } from '../../viewers/replies/llm-answers.js';
import { PlainWords } from '../../viewers/replies/answers/plain-words.js';
import { HiddenViewers, RoomEvents } from '../../viewers/replies/room-events.js';
import { Reactions } from '../../viewers/replies/reactions.js';
import { ReplyDesk, TimedTalks } from '../../viewers/replies/reply-desk.js';
import { ReplyRules } from '../../viewers/replies/reply-rules.js';
import { lineVoice, voiceLanguage } from '../../show/line-voice.js';
import { type LlmBudget, openChatClient } from '../../writer/llm/chat-client.js';
import { refusalReason } from '../../admission/texts/refuse-lines.js';
import { replyPacks } from '../../viewers/replies/comments/reply-packs.js';
import { sentencePlans } from '../../writer/plan-schema.js';
import { openAnswers } from './open-answers.js';
import type { RoomParts } from '../room-desk.js';

export interface OpenRepliesOptions {
  readonly parts: Pick<RoomParts, 'room' | 'judge' | 'ledger' | 'log' | 'speech' | 'voices'>;
  readonly agenda: AgendaPort;
  readonly showLayer: ShowLayer;
  readonly spam: ReplyWatch;
  /** Id of the product on screen. */
  readonly productNow: () => string | null;
  /** Aborts the show. */
  readonly stop: AbortSignal;
  readonly budget?: LlmBudget;
  readonly env?: NodeJS.ProcessEnv;
}

export interface OpenedReplies {
  readonly events: RoomEvents;
  /** As the settings are now. */
  readonly rules: () => ReplyRules;
  /** Answers by the room's settings as they are now; what waits is answered by them. */
  readonly renew: () => void;
}

/** Opens the part of a room that takes viewers' events and answers them. */
export function openReplies(options: OpenRepliesOptions, stack: CloseStack): OpenedReplies {
  const { parts, agenda, showLayer, spam, productNow, stop } = options;
  const { room, judge: texts, ledger, speech } = parts;
  const { voices } = parts.voices;
  const log = parts.log.child({ part: 'replies' });
  const nowMs = (): number => performance.now();
  const voiceOf = ({ language, role }: LineRequest): ReturnType<typeof lineVoice> =>
    lineVoice(room, voices, language, role);
  const inParts = repliesInParts(agenda, {
    pace: (request) => speech.pace(voiceOf(request)),
    ahead: (request) =>
      void speech
        .keep({ id: 'reply', text: request.text, priority: 'reply', ...voiceOf(request) }, stop)
        .catch(() => false), // reported when the part is due
  });
  const { packs, judge, make } = openAnswers(
    {
      room,
      judge: {
        judge: texts,
        spoken: (text, language) => speech.spoken(text, voiceLanguage(room, language)),
        spam,
        note: (entry) => void ledger.append(entry),
      },
      agenda: inParts,
      productNow,
      nowMs,
      log,
    },
    stack,
  );
  const events = new EventLog();
  const questions = new OpenQuestions();
  const open = (before?: ReplyDesk) => {
    const config = room.replies;
    const answers = make(config);
    const { comments, finder, speaker, meanings } = answers;
    const desk = new ReplyDesk({
      config,
      events,
      finder,
      speaker,
      judge,
      rules: new ReplyRules(config.rules, seededRandom(room.seed), before?.rules),
      reactions: new Reactions({
        config: config.reactions,
        pack: packs.get(comments.home)!,
        name: (user) => judge.name(user),
        together: (names, language) => judge.together(names, language),
        before: before?.reactions,
      }),
      talks: new TimedTalks(config.timedTalk, nowMs(), new Date(), before?.talks),
      questions,
      packs,
      llm: languageModel(options, nowMs),
      meanings,
      showLayer,
      // Its process starts while equal questions are gathered.
      onAnswer: (language) =>
        speech.warm(lineVoice(room, voices, language === '' || judge.isRoomLanguage(language) ? undefined : language)),
      post: ({ id, webhook, allowPrivate }, record) => {
        const body = { room: room.name, rule: id, event: record };
        void postJson({ url: webhook!, body, signal: stop, allowPrivate }).then((error) => {
          if (error !== '' && !stop.aborted)
            log.warn({ rule: id, error }, 'the webhook of a reply rule did not take the event');
        });
      },
      nowMs,
      local: () => new Date(),
    });
    for (const record of before?.handOver() ?? []) desk.accept(record);
    return { ...answers, desk, quotes: config.quote === 'judged' };
  };
  const hidden = new HiddenViewers();
  let now = open();
  const intake = new EventIntake({
    events,
    onEvent: (record) => {
      if (hidden.has(record)) events.change(record.seq, { state: 'ignored', reason: 'hidden by the operator' });
      else now.desk.accept(record);
    },
    nowMs,
    unixMs: Date.now,
    log,
  });
  const taken = stack.add(
    new RoomEvents({
      intake,
      events,
      now: () => now,
      questions,
      judge,
      hidden,
      showLayer,
      layers: room.layers,
      productNow,
      languageOf: (text) => now.comments.read(text).language,
      reasonOf: refusalReason,
    }),
  );
  const renew = (): void => {
    now = open(now.desk);
    taken.workSoon();
  };
  return { events: taken, rules: () => now.desk.rules, renew };
}

/** Without a key the room goes on air all the same, and answers without the model. */
function languageModel(
  { parts, stop, budget, env = process.env }: OpenRepliesOptions,
  nowMs: () => number,
): LlmAnswers | undefined {
  const { room, log } = parts;
  const { enabled, timeoutMs, perMinute } = room.replies.llm;
  if (room.llm === undefined || !enabled || !room.replies.enabled) return undefined;
  try {
    const client = openChatClient({ ...room.llm, timeoutMs }, env, { budget });
    return new LlmAnswers({
      client,
      words: new PlainWords(replyPacks(), sentencePlans()),
      timeoutMs,
      perMinute,
      nowMs,
      signal: stop,
    });
  } catch (cause) {
    const { message } = toEngineError(cause, 'llm');
    log.warn({ error: message }, 'viewers are answered without the language model');
    return undefined;
  }
}
