import { z } from 'zod';
import { REACTION_KINDS } from '../../../config/sections/replies.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../core/errors.js';
import { templatePath } from '../../../core/files/paths.js';

/** Questions that a listing answers, the most specific first: "how much is a sample" asks for a sample. */
export const INTENTS = [
  'ai',
  'who',
  'warranty',
  'sample',
  'customisation',
  'certificate',
  'moq',
  'packing',
  'leadTime',
  'shipping',
  'material',
  'size',
  'variants',
  'link',
  'stock',
  'price',
] as const;
export type Intent = (typeof INTENTS)[number];

/** Sentences of answers, and the slots each of them has to fill in. */
const REPLY_SENTENCES = {
  fact: ['fact'],
  inListing: [],
  sampleDays: ['days'],
  ownLogo: ['quantityOf'],
  notListed: [],
  unknown: [],
  onSale: [],
  who: [],
  ai: [],
  link: [],
  question: ['names'],
} as const satisfies Record<string, readonly string[]>;
export type ReplySentence = keyof typeof REPLY_SENTENCES;

/** Sentences that say an understood question, besides those of the intents, and the slot of each. */
const MORE_ASKED = {
  priceAt: 'quantity',
  leadTimeAt: 'quantity',
  attribute: 'attribute',
  other: undefined,
} as const;
type Asked = Intent | keyof typeof MORE_ASKED;
const ASKED = [...INTENTS, ...(Object.keys(MORE_ASKED) as (keyof typeof MORE_ASKED)[])] as readonly Asked[];

const term = z.string().min(1).max(80);
const wordings = (slots: readonly string[]) =>
  z
    .array(z.string().min(1).max(200))
    .min(2)
    .max(12)
    .refine(
      (list) => list.every((one) => [...one.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).join() === slots.join()),
      `expected each wording to hold ${slots.map((slot) => `{${slot}}`).join(' and ') || 'no slot'}`,
    );
const askedSentence = (name: Asked) => {
  const slot = (MORE_ASKED as Partial<Record<Asked, string | undefined>>)[name];
  return z
    .string()
    .min(1)
    .max(200)
    .refine(
      (one) => [...one.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!).join() === (slot ?? ''),
      `expected ${slot === undefined ? 'no slot' : `{${slot}}`}`,
    );
};
const intent = z
  .strictObject({
    strong: z.array(term).min(1).max(60).describe('Questions by themselves'),
    weak: z.array(term).max(60).describe('Words that ask only within a question or alone'),
    not: z.array(term).max(60).describe('Phrases with these words that mean something else'),
  })
  .describe('How a question is recognised; "pri*" is a word that begins so, "a+b" needs both');
const reaction = z.strictObject({ named: wordings(['names']), plain: wordings([]) });

const recordOf = <K extends string, V extends z.ZodType>(keys: readonly K[], value: (key: K) => V) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>);

const replyPack = z
  .strictObject({
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .describe('Language code; the name of the file'),
    ask: z.array(term).min(1).describe('Words of questions'),
    praise: z.array(term).describe('Words of remarks: with one of them a comment without a question mark asks nothing'),
    stop: z.array(term).describe('Small words that carry no meaning in a search'),
    intents: recordOf(INTENTS, () => intent),
    sentences: recordOf(Object.keys(REPLY_SENTENCES) as ReplySentence[], (name) =>
      wordings(REPLY_SENTENCES[name]),
    ).describe('Wordings; "(a|b)" stands for either'),
    viewer: term.describe('Speaks to a viewer whose name is not said: "dear viewer"'),
    asked: recordOf(ASKED, askedSentence).describe(
      'A question in the words of the show; `other` stands before an answer to any other question',
    ),
    others: z
      .partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), term)
      .describe('"12 other viewers" by plural category; "#" is the number'),
    reactions: recordOf(REACTION_KINDS, () => reaction),
  })
  .describe('Answers to viewers in one language');
export type ReplyPack = z.infer<typeof replyPack>;

export type ReplyPacks = ReadonlyMap<string, ReplyPack>;

let own: ReplyPacks | undefined;

/** The project's reply packs by language, read once. */
export function replyPacks(): ReplyPacks {
  own ??= readReplyPacks(templatePath('replies'));
  return own;
}

/** Throws E_ASSET_INVALID for a file that is not a reply pack. */
function readReplyPacks(folder: string): ReplyPacks {
  const packs = new Map<string, ReplyPack>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const result = replyPack.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new EngineError('E_ASSET_INVALID', {
        where: `${path}: ${issue!.path.join('.')}`,
        expected: 'a reply pack',
        found: issue!.message,
        todo: 'templates/replies/README.md describes a pack',
      });
    }
    packs.set(result.data.language, result.data);
  }
  return packs;
}
