import { z } from 'zod';
import { layer } from './layer.js';

/** Answers to viewers: rules of the room's own, answers from the listing, reactions, timed talk. */

const words = (max = 500) => z.string().min(1).max(max);
const role = z
  .enum(['host', 'assistant'])
  .default('host')
  .describe('Who speaks: the presenter, or the second voice of the room');
const language = z
  .string()
  .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/, 'expected a language code such as "es"')
  .describe("BCP-47; default: the room's language");
const eventKind = z.enum(['comment', 'enter', 'follow', 'like', 'gift', 'order', 'cart']);

const answer = z.union([
  words(),
  z.strictObject({ text: words().describe('Words of the answer'), language: language.optional() }),
]);
export type RuleAnswer = z.infer<typeof answer>;

export const replyRule = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name of the rule'),
    match: z
      .string()
      .max(1000)
      .default('')
      .describe(
        'Keywords separated by "|"; "a+b" needs both, "pri*" a word that begins so. Empty: every event of the kinds',
      )
      .meta({ examples: ['price|how much|多少钱'] }),
    matchBy: z
      .enum(['words', 'meaning'])
      .default('words')
      .describe('By the keywords alone, or also comments that mean the same as one of them, in any language'),
    kinds: z.array(eventKind).min(1).default(['comment']).describe('Kinds of events'),
    quietMs: z
      .int()
      .min(-1)
      .max(86_400_000)
      .default(30_000)
      .describe('Silence of the rule after an answer in ms; 0 none, -1 once a show'),
    order: z.enum(['order', 'random']).default('order').describe('How the answers take turns'),
    answers: z
      .array(answer)
      .max(5)
      .default([])
      .describe(
        'Up to five answers. Variables: {user}, {product.title}, {price}, {price:500}, {moq}, {leadTime}, {leadTime:500}, {colours}, {material}, {certificates}, {sample}, {attribute:Name}. An answer with a variable that the listing cannot fill is skipped',
      ),
    role,
    layer: layer.optional().describe('A layer shown with the answer, or by itself'),
    layerMs: z
      .int()
      .min(1000)
      .max(120_000)
      .default(8000)
      .describe('How long the layer is shown in ms; after the last word when there is an answer'),
    webhook: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address that gets the event as JSON'),
    allowPrivate: z
      .boolean()
      .optional()
      .describe('The name of the webhook may lead to an address of a private network'),
    interrupt: z.boolean().default(false).describe('Cuts the current line instead of waiting for its end'),
  })
  .describe('What is done when a viewer writes one of the keywords');
export type ReplyRule = z.infer<typeof replyRule>;

const reactionTexts = z.strictObject({
  named: z.array(words(300)).max(20).default([]).describe('With {names}, such as "Welcome, {names}!"'),
  plain: z.array(words(300)).max(20).default([]).describe('When no name can be said'),
});

const reaction = (windowMs: number, minGapMs: number, about: string) =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether the presenter reacts'),
      windowMs: z.int().min(0).max(600_000).default(windowMs).describe('Events within this time get one reaction'),
      minGapMs: z.int().min(0).max(3_600_000).default(minGapMs).describe('Minimum time between two reactions in ms'),
      texts: z
        .record(z.string().regex(/^[a-z]{2,3}$/), reactionTexts)
        .default({})
        .describe('Own texts by language code; default: the texts of templates/replies'),
      role,
    })
    .prefault({})
    .describe(about);
export const REACTION_KINDS = ['enter', 'follow', 'like', 'gift', 'order', 'cart'] as const;
export type ReactionKind = (typeof REACTION_KINDS)[number];

const timedTalk = z
  .strictObject({
    everyMs: z.int().min(10_000).max(86_400_000).optional().describe('Interval in ms'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "20:30"')
      .optional()
      .describe('Time of day of this machine\'s clock, such as "20:30"'),
    text: words().describe('Words'),
    variants: z.array(words()).max(20).default([]).describe('Other wordings, spoken in turn'),
    language: language.optional(),
    role,
  })
  .refine(({ everyMs, at }) => (everyMs === undefined) !== (at === undefined), 'expected either everyMs or at')
  .describe('A line spoken at intervals or at a time of day');
export type TimedTalk = z.infer<typeof timedTalk>;

export const replies = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Answer viewers; events are listed either way'),
    languages: z
      .array(z.string().regex(/^[a-z]{2,3}$/, 'expected a language code such as "es"'))
      .max(18)
      .default([])
      .describe("Languages in which viewers are answered; others get the room's language. Empty: all with a pack"),
    meaning: z
      .boolean()
      .default(true)
      .describe('Understand comments by a sentence model as well; false: by known words alone'),
    rules: z.array(replyRule).max(200).default([]).describe('Rules by keywords; the first that matches is used'),
    fromListing: z.boolean().default(true).describe('Answer from the fields of the listing'),
    faq: z.boolean().default(true).describe("Answer from the listing's questions and answers"),
    llm: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Ask the model of the section `llm`, if the room has one, last'),
        timeoutMs: z.int().min(500).max(60_000).default(6000).describe('Maximum time of an answer in ms'),
        perMinute: z.int().min(1).max(120).default(10).describe('Maximum questions to the model a minute'),
      })
      .prefault({})
      .describe('The language model as the last resort'),
    missing: z
      .enum(['say', 'silence'])
      .default('say')
      .describe('When the listing lacks the field: say so, or be silent; the question is listed for the operator'),
    unknown: z
      .enum(['silence', 'stock-line'])
      .default('silence')
      .describe('When nobody knows the answer: be silent, or speak a stock line; the question is listed'),
    stockLines: z.array(answer).max(20).default([]).describe('Stock lines; default: those of templates/replies'),
    minGapMs: z.int().min(0).max(600_000).default(4000).describe('Minimum time between two answers in ms'),
    maxInARow: z
      .int()
      .min(1)
      .max(1000)
      .default(3)
      .describe('Answers, thanks and timed lines in a row; then comes a line of the script, however many wait'),
    gatherMs: z
      .int()
      .min(0)
      .max(10_000)
      .default(400)
      .describe('How long an answer waits for equal questions of other viewers in ms'),
    sameQuestionMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(30_000)
      .describe('How long an answer counts for the same question asked again in ms'),
    perViewerPerMinute: z.int().min(1).max(600).default(6).describe('Maximum comments of one viewer a minute'),
    sayNames: z
      .boolean()
      .default(true)
      .describe('Name those who asked by their given names; other names are never said'),
    quote: z
      .enum(['never', 'judged'])
      .default('never')
      .describe(
        'Words of the question panel: `never` a word of a viewer, the show says in its own words what it understood; `judged` the comment as it was written, where the word rules find nothing. No list of words is complete: only for platforms that verify who their viewers are',
      ),
    showQuestion: z
      .boolean()
      .default(true)
      .describe(
        'Show the question in a panel together with its answer: in the look and place of a layer of type "question" with `shown: "on-cue"`, if the room has one',
      ),
    reactions: z
      .strictObject({
        enter: reaction(15_000, 60_000, 'Viewers who come in'),
        follow: reaction(10_000, 30_000, 'Viewers who follow the room'),
        like: reaction(30_000, 120_000, 'Likes'),
        gift: reaction(3000, 8000, 'Gifts'),
        order: reaction(3000, 8000, 'Orders'),
        cart: reaction(15_000, 120_000, 'Products put into the cart'),
      })
      .prefault({})
      .describe('Thanks and greetings, gathered: "Welcome Anna, Li Wei and 12 others"'),
    timedTalk: z.array(timedTalk).max(50).default([]).describe('Lines at intervals or at a time of day'),
  })
  .describe('Answers to viewers');
export type RepliesConfig = z.infer<typeof replies>;
