import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { watch } from '../../../src/config/sections/compliance.js';
import { parseRoom } from '../../../src/config/load-room.js';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { silentLog } from '../../../src/core/log.js';
import { seededRandom } from '../../../src/core/random.js';
import { EventIntake, EventLog } from '../../../src/viewers/events/event-intake.js';
import { type AgendaPort, OpenQuestions } from '../../../src/viewers/replies/replies-in-parts.js';
import { PlainWords } from '../../../src/viewers/replies/answers/plain-words.js';
import { AnswerFinder } from '../../../src/viewers/replies/answer-finder.js';
import { AnswerSpeaker } from '../../../src/viewers/replies/answer-speaker.js';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { ListingAnswers } from '../../../src/viewers/replies/listing-answers.js';
import { LlmAnswers } from '../../../src/viewers/replies/llm-answers.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { Reactions } from '../../../src/viewers/replies/reactions.js';
import { ReplyDesk, TimedTalks } from '../../../src/viewers/replies/reply-desk.js';
import { ReplyJudge } from '../../../src/viewers/replies/reply-judge.js';
import { ReplyRules } from '../../../src/viewers/replies/reply-rules.js';
import { ChatClient } from '../../../src/writer/llm/chat-client.js';
import { sentencePlans } from '../../../src/writer/plan-schema.js';
import { templatePath } from '../../../src/core/files/paths.js';
import type { TextJudge } from '../../../src/moderation/index.js';
import { spokenText } from '../../../src/speech/spoken-text.js';

/** The room that is measured: one listing with every field, a rule, no gap between answers. */
export function benchConfig(): RoomConfig {
  const room = {
    name: 'director-bench',
    presenter: { pack: 'mei' },
    products: [
      {
        id: 'bottle',
        title: 'Insulated Steel Bottle',
        image: 'bottle.svg',
        price: { amount: 4.8, currency: 'USD', unit: 'piece' },
        minimumOrder: '100 pieces',
        priceLadder: [
          { from: 100, to: 499, price: 4.8 },
          { from: 500, price: 4.2 },
        ],
        leadTime: [{ from: 100, days: 15 }],
        variants: [{ name: 'Color', values: [{ name: 'Black' }, { name: 'White' }] }],
        attributes: [{ name: 'Material', value: 'Stainless steel' }],
        faq: [
          {
            question: 'Does the lid leak when it lies in a bag?',
            answer: 'The lid has a silicone seal and closes tight.',
          },
          { question: 'Does it keep drinks hot?', answer: 'It keeps drinks hot for 12 hours.' },
        ],
      },
    ],
    layers: [{ id: 'presenter', type: 'presenter' }],
    script: { segments: [{ product: 'bottle', lines: [{ text: 'Welcome to our show.' }] }] },
    replies: {
      minGapMs: 0,
      gatherMs: 200,
      sameQuestionMs: 0,
      perViewerPerMinute: 600,
      rules: [
        { id: 'hello', match: 'hello', quietMs: 0, answers: ['Hello {user}.', 'Good to see you, {user}.'] },
        { id: 'now', match: 'fire', quietMs: 0, interrupt: true, answers: ['One moment please.'] },
      ],
      llm: { perMinute: 120 },
    },
  };
  return parseRoom(JSON.stringify(room), templatePath('rooms', 'director-bench.json'));
}

/** The reply desk as the room opens it, with the given agenda and model server. */
export function benchDesk(
  room: RoomConfig,
  judge: TextJudge,
  agenda: AgendaPort,
  baseUrl: string,
  stop: AbortSignal,
  { nowMs = (): number => performance.now(), onAnswer = (): void => undefined } = {},
) {
  const config = room.replies;
  const packs = replyPacks();
  const products = room.products;
  const productNow = (): string | null => products[0]!.id;
  const replies = new ReplyJudge({
    judge,
    products: () => products,
    language: room.language,
    spoken: spokenText,
    spam: new ReplyWatch({ ...watch.parse({}).replies, perMinute: 600, repeats: 600 }),
    note: () => undefined,
    nowMs,
  });
  const comments = new CommentReader(packs, room.language);
  const listing = new ListingAnswers(sentencePlans(), packs, comments, room.language);
  const events = new EventLog();
  const client = new ChatClient({ baseUrl, model: 'stub', timeoutMs: 5000 });
  const desk = new ReplyDesk({
    config,
    events,
    finder: new AnswerFinder({ config, products: () => products, comments, listing, packs, productNow }),
    speaker: new AnswerSpeaker({ room, agenda, judge: replies, listing, packs, productNow }),
    judge: replies,
    rules: new ReplyRules(config.rules, seededRandom(1)),
    reactions: new Reactions({
      config: config.reactions,
      pack: packs.get('en')!,
      name: (user) => replies.name(user),
      together: (names, of) => replies.together(names, of),
    }),
    talks: new TimedTalks([], 0, new Date()),
    questions: new OpenQuestions(),
    packs,
    llm: new LlmAnswers({
      client,
      words: new PlainWords(packs, sentencePlans()),
      timeoutMs: 5000,
      perMinute: 600,
      nowMs,
      signal: stop,
    }),
    showLayer: () => undefined,
    onAnswer,
    post: () => undefined,
    nowMs,
    local: () => new Date(),
  });
  const intake = new EventIntake({
    events,
    onEvent: (one) => desk.accept(one),
    nowMs,
    unixMs: Date.now,
    log: silentLog,
  });
  return { desk, intake, events };
}
