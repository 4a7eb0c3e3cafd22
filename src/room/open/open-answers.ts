import type { RoomConfig } from '../../config/room-config.js';
import { CloseStack } from '../../core/close-stack.js';
import { toEngineError } from '../../core/errors.js';
import { type Log, silentLog } from '../../core/log.js';
import { RateLimited } from '../../core/sleep.js';
import { seededRandom } from '../../core/random.js';
import type { AgendaPort } from '../../viewers/replies/replies-in-parts.js';
import { AnswerFinder } from '../../viewers/replies/answer-finder.js';
import { AnswerPreview } from '../../viewers/replies/answer-preview.js';
import { AnswerSpeaker } from '../../viewers/replies/answer-speaker.js';
import { CommentReader } from '../../viewers/replies/comments/comment-reader.js';
import { replyPacks } from '../../viewers/replies/comments/reply-packs.js';
import { ListingAnswers } from '../../viewers/replies/listing-answers.js';
import { CommentMeanings } from '../../viewers/replies/meaning/comment-meanings.js';
import { MeaningAnswers } from '../../viewers/replies/meaning/meaning-answers.js';
import { ReplyJudge, type ReplyJudgeOptions } from '../../viewers/replies/reply-judge.js';
import { ReplyRules, StockLines } from '../../viewers/replies/reply-rules.js';
import { sentencePlans } from '../../writer/plan-schema.js';
import { meaningTables } from '../../meaning/index.js';
import { openModels } from '../../models/index.js';
import { baseLanguage, TextJudge } from '../../moderation/index.js';
import type { RepliesConfig } from '../../config/sections/replies.js';
import { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { PreviewedAnswer } from '../../config/api/events-handle.js';
import { spokenText } from '../../speech/spoken-text.js';
import { ownWords, ruleActions } from '../../admission/texts/room-rule-actions.js';

/** A flood of comments is one line in the log. */
const LOG_MS = 30_000;

export interface OpenAnswersOptions {
  readonly room: RoomConfig;
  readonly judge: Pick<ReplyJudgeOptions, 'judge' | 'spoken' | 'spam' | 'note'>;
  readonly agenda: AgendaPort;
  /** Id of the product on screen. */
  readonly productNow: () => string | null;
  readonly nowMs: () => number;
  /** Wait for the sentence model; default: as long as a viewer waits. */
  readonly timeoutMs?: number;
  /** Comments that the model gets in a second; default: as on air. */
  readonly perSecond?: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Parts that follow the settings of a room's replies. */
export interface AnswerParts {
  readonly comments: CommentReader;
  readonly finder: AnswerFinder;
  readonly speaker: AnswerSpeaker;
  readonly meanings: CommentMeanings | undefined;
  readonly preview: AnswerPreview;
}

/** The parts that find, word and judge an answer, for a room on air and for a trial; `make` as often as settings change. */
export function openAnswers(
  { room, judge: judging, agenda, productNow, nowMs, timeoutMs, perSecond, log }: OpenAnswersOptions,
  stack: CloseStack,
) {
  const packs = replyPacks();
  const judge = new ReplyJudge({ ...judging, products: () => room.products, language: room.language, nowMs });
  const models = stack.add(openModels());
  const passedOver = new RateLimited(LOG_MS, nowMs);
  let isClosed = false;
  stack.add({ close: async () => void (isClosed = true) });
  const make = (config: RepliesConfig): AnswerParts => {
    const comments = new CommentReader(packs, room.language, config.languages);
    const listing = new ListingAnswers(sentencePlans(), packs, comments, room.language);
    const answers = new MeaningAnswers(meaningTables(), sentencePlans(), listing, room.language);
    const finder = new AnswerFinder({
      config,
      products: () => room.products,
      comments,
      listing,
      packs,
      meanings: answers,
      productNow,
    });
    const speaker = new AnswerSpeaker({ room, agenda, judge, listing, packs, productNow });
    const meanings = config.meaning
      ? new CommentMeanings({
          embed: async (texts) => (await models.run('meaning', { texts })).vectors,
          comments,
          answers,
          rules: config.rules,
          nowMs,
          timeoutMs,
          perSecond,
          onPassedOver: (total) => {
            if (passedOver.due)
              log.warn(
                { total },
                'more comments at once than the sentence model reads: known words understand the rest',
              );
          },
          onFault: (cause) => {
            if (isClosed) return;
            log.warn(
              { error: toEngineError(cause, 'models').message },
              'comments are understood by known words for a while',
            );
          },
        })
      : undefined;
    const isOf = (language: string | undefined, wanted: string): boolean =>
      language === undefined ? judge.isRoomLanguage(wanted) : baseLanguage(language) === wanted;
    const preview = new AnswerPreview({
      config,
      finder,
      speaker,
      judge,
      rules: new ReplyRules(config.rules, seededRandom(room.seed)),
      comments,
      meanings,
      // A new one each time: a trial takes no turn from the show.
      stockLine: (language) => new StockLines({ config, packs, isOf }).next(language, nowMs()),
    });
    return { comments, finder, speaker, meanings, preview };
  };
  return { packs, judge, make };
}

export interface Preview {
  of(comment: string): Promise<PreviewedAnswer>;
  close(): Promise<void>;
}

/** The answers of a room that is not on air. */
export function openPreview(room: RoomConfig, productNow = room.products[0]?.id ?? null): Preview {
  const stack = new CloseStack(silentLog);
  const own = ownWords(room);
  const { make } = openAnswers(
    {
      room,
      judge: {
        judge: new TextJudge({ actions: ruleActions(room, silentLog), ...(own === undefined ? {} : { own }) }),
        spoken: (text, language) => spokenText(text, language),
        spam: new ReplyWatch(room.compliance.watch.replies),
        note: () => undefined,
      },
      agenda: { add: () => undefined },
      productNow: () => productNow,
      nowMs: () => performance.now(),
      timeoutMs: 20_000,
      perSecond: Infinity,
      log: silentLog,
    },
    stack,
  );
  const { preview } = make(room.replies);
  return { of: (comment) => preview.of(comment), close: () => stack.close() };
}
