import type { EventRecord } from '../../config/api/events-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import { type Layer, layer as layerSchema } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { TextHit } from '../../core/verdict.js';
import { meaningTables } from '../../meaning/index.js';
import { baseLanguage } from '../../moderation/index.js';
import type { LineLayer, LineOutcome, LineRequest } from '../../show/agenda/agenda.js';
import { fillSlots } from '../../writer/expand-wordings.js';
import type { ListingReader } from '../../writer/product-sentences.js';
import { cleanValue, slotValue, spokenTitle } from '../../writer/spoken-name.js';
import type { Intent, ReplyPacks } from './comments/reply-packs.js';
import type { ListingAnswers } from './listing-answers.js';
import { namesInWords } from './names/masked-name.js';
import { isPlainQuantity, type PendingAnswer, type UnderstoodQuestion } from './pending-answer.js';
import type { AgendaPort } from './replies-in-parts.js';
import type { ReplyJudge } from './reply-judge.js';
import type { RuleText } from './reply-rules.js';

const QUESTION_LAYER_ID = 'viewer-question';
const MAX_CHARS = 140;

/**
 * A panel with a viewer's question, in the look and place of the room's own question layer on cue, else of its panel of prices
 * or attributes, else below the AI label. Text and name must have been judged.
 */
export function questionLayer(text: string, user: string | undefined, layers: readonly Layer[] = []): Layer {
  const signs = [...text];
  const short = signs.length > MAX_CHARS ? `${signs.slice(0, MAX_CHARS - 1).join('')}…` : text;
  const words = { id: QUESTION_LAYER_ID, text: short, user: user ?? '' };
  const own = layers.find(({ type, shown }) => type === 'question' && shown === 'on-cue');
  if (own !== undefined) return layerSchema.parse({ ...own, ...words, shown: undefined, product: undefined });
  const panel = layers.find(({ type, shown }) => (type === 'ladder' || type === 'attributes') && shown === 'on-cue');
  if (panel !== undefined) {
    // Not its height: a question takes as much as its words need.
    const {
      height: _height,
      maxRows: _rows,
      title: _title,
      names: _names,
      ...placed
    } = panel as Layer & Record<string, unknown>;
    return layerSchema.parse({ ...placed, ...words, type: 'question', shown: undefined, product: undefined });
  }
  return layerSchema.parse({
    ...words,
    type: 'question',
    theme: 'light',
    z: 900,
    anchor: 'top',
    // Below the AI label of a portrait room without its own.
    y: '16%',
    width: '78%',
    enter: { type: 'pop', durationMs: 300, easing: 'back-out' },
    leave: { type: 'fade', durationMs: 250 },
  });
}

/** Wordings judged before an answer counts as refused. */
const MAX_TRIES = 6;
const QUESTION_TAIL_MS = 2500;
/** An answer that comes later than this puzzles the viewers. */
const MAX_WAIT_MS = 60_000;

interface AnswerSpeakerOptions {
  readonly room: Pick<RoomConfig, 'language' | 'replies' | 'layers'>;
  readonly agenda: AgendaPort;
  readonly judge: ReplyJudge;
  readonly listing: ListingAnswers;
  readonly packs: ReplyPacks;
  readonly productNow: () => string | null;
}

/**
 * `id`: the agenda's id of the line. `instead`: why the listing's answer was not said, and viewers were sent to its page.
 */
type SpokenAnswer =
  | { readonly text: string; readonly id: string; readonly instead?: string }
  | { readonly refused: string };

/** `plain`: the answer without who asked or what was asked. `instead`: why viewers are sent to the listing's page. */
type Worded = RuleText & { readonly plain?: string; readonly instead?: string };

/** Intents that are not about one product. */
const ABOUT_THE_SHOW: ReadonlySet<Intent> = new Set<Intent>(['ai', 'who', 'link']);

/** Says an understood question in the show's own words: those of the reply packs and of the listing. */
export class AskedWords {
  constructor(
    private readonly packs: ReplyPacks,
    private readonly listing: ListingAnswers,
    /** Id of the product on screen. */
    private readonly productNow: () => string | null,
  ) {}

  /** "A viewer asks for the price of 500 pieces."; undefined for a question that was not understood. */
  of(asked: UnderstoodQuestion): string | undefined {
    const { product, intent } = asked;
    const said = this.sentence(asked);
    if (said === undefined || product === undefined || (intent !== undefined && ABOUT_THE_SHOW.has(intent)))
      return said;
    const now = this.productNow();
    const name = now === null || now === product.id ? undefined : this.listing.nameOf(product, asked.language);
    return name === undefined ? said : `${name}: ${said}`;
  }

  /** "A question from a viewer:", before an answer to a question that `of` has no words for. */
  anybody(language: string): string | undefined {
    return this.packs.get(language)?.asked.other;
  }

  private sentence({
    language,
    intent,
    product,
    quantity,
    attribute,
    meaning,
    faq,
  }: UnderstoodQuestion): string | undefined {
    const asked = this.packs.get(language)?.asked;
    if (asked === undefined) return undefined;
    if (faq !== undefined && product !== undefined) return listedQuestion(product, faq);
    const canonical = meaning === undefined ? undefined : meaningTables().languages.get(language)?.attributes[meaning];
    if (intent === undefined && canonical !== undefined)
      return fillSlots(asked.attribute, { attribute: canonical.name });
    if (attribute !== undefined && product !== undefined) {
      const name = listedAttribute(product, attribute);
      if (name !== undefined) return fillSlots(asked.attribute, { attribute: name });
    }
    if (intent === undefined) return undefined;
    const pieces = quantity === undefined ? undefined : this.pieces(product, language, quantity);
    if (pieces !== undefined && intent === 'price') return fillSlots(asked.priceAt, { quantity: pieces });
    if (pieces !== undefined && intent === 'leadTime') return fillSlots(asked.leadTimeAt, { quantity: pieces });
    return asked[intent];
  }

  /** "500 pieces" in the unit of the listing. */
  private pieces(product: Product | undefined, language: string, count: number): string | undefined {
    const reader = product && this.listing.reader(product, language);
    return reader === undefined || !isPlainQuantity(count) ? undefined : reader.values.quantity(count, reader.unit);
  }
}

const listedQuestion = ({ faq }: Product, at: number): string | undefined => {
  const question = faq[at]?.question;
  return question === undefined ? undefined : cleanValue(question);
};

/** The name as the listing has it, and only if it has it. */
function listedAttribute({ attributes, packing }: Product, wanted: string): string | undefined {
  const found = [...attributes, ...packing].find(({ name }) => name === wanted);
  return found && slotValue(cleanValue(found.name));
}

const VARIABLE = /\{([a-zA-Z.]+)(?::([^{}]{1,80}))?\}/g;

interface RuleVariables {
  /** A given name, or how a viewer without one is spoken to. */
  readonly user: string | undefined;
  readonly product: Product | undefined;
  readonly reader: ListingReader | undefined;
}

/** Fills the variables of a rule's answer; undefined when one of them has no value in the listing. */
function fillVariables(text: string, variables: RuleVariables): string | undefined {
  let isComplete = true;
  const filled = text.replace(VARIABLE, (_, name: string, argument: string | undefined) => {
    const value = valueOf(name, argument, variables);
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete ? filled : undefined;
}

function valueOf(
  name: string,
  argument: string | undefined,
  { user, product, reader }: RuleVariables,
): string | undefined {
  if (name === 'user') return user;
  if (product === undefined || reader === undefined) return undefined;
  const { values, unit } = reader;
  const slot = (sentences: readonly { slots: Readonly<Record<string, string>> }[], key: string): string | undefined =>
    sentences[0]?.slots[key];
  switch (name) {
    case 'product.title':
      return spokenTitle(product.title);
    case 'price': {
      const amount = priceAt(product, argument);
      return amount === undefined || amount <= 0 ? undefined : values.money(amount, product.price.currency);
    }
    case 'moq':
      return slot(reader.minimumOrder(), 'quantity');
    case 'leadTime': {
      const days = daysAt(product, argument);
      return days === undefined ? undefined : values.days(days);
    }
    case 'sample':
      return slot(reader.sample(), 'price');
    case 'colours':
      return slot(reader.choices(), 'all') ?? slot(reader.choices(), 'count');
    case 'certificates': {
      const names = product.certificates.flatMap((one) => slotValue(one.name) ?? []);
      return names.length === 0 ? undefined : values.list(names.slice(0, 4));
    }
    case 'material':
      return attributeOf(product, reader, (one) => /material|材/iu.test(one));
    case 'unit':
      return values.quantity(1, unit);
    case 'attribute':
      return attributeOf(product, reader, (one) => one.toLowerCase() === argument?.trim().toLowerCase());
    default:
      return undefined;
  }
}

const attributeOf = (product: Product, reader: ListingReader, is: (name: string) => boolean): string | undefined => {
  const found = product.attributes.find(({ name }) => is(name));
  return found && reader.value(cleanValue(found.value));
};

function priceAt({ price, priceLadder }: Product, argument: string | undefined): number | undefined {
  if (argument === undefined) return priceLadder[0]?.price ?? price.amount;
  const count = Number(argument);
  if (priceLadder.length === 0) return price.amount;
  return priceLadder.findLast(({ from, to }) => from <= count && (to === undefined || count <= to))?.price;
}

function daysAt({ leadTime }: Product, argument: string | undefined): number | undefined {
  if (argument === undefined) return leadTime[0]?.days;
  const count = Number(argument);
  return leadTime.findLast(({ from, to }) => from <= count && (to === undefined || count <= to))?.days;
}

/** Words an answer, judges it and hands it to the agenda. */
export class AnswerSpeaker {
  private readonly turns = new Map<string, number>();
  private readonly asked: AskedWords;

  constructor(private readonly options: AnswerSpeakerOptions) {
    const { packs, listing, productNow } = options;
    this.asked = new AskedWords(packs, listing, productNow);
  }

  speak(pending: PendingAnswer, onOutcome: (outcome: LineOutcome) => void): SpokenAnswer {
    const { agenda, judge } = this.options;
    const chosen = this.choose(pending);
    if ('refused' in chosen) return chosen;
    const spam = judge.spam(chosen.text);
    if (spam !== undefined) {
      judge.record([spam]);
      return { refused: `too many answers, or the same again (${spam.kind})` };
    }
    const added = agenda.add({ ...this.request(pending, chosen), onOutcome });
    if (added === undefined) return { refused: 'too many lines are waiting' };
    const { text, instead } = chosen;
    return { text, id: added.id, ...(instead === undefined ? {} : { instead }) };
  }

  /** What `speak` would say. */
  preview(pending: PendingAnswer): Worded | { readonly refused: string } {
    return this.choose(pending);
  }

  /** An operator's answer: judged whole, spoken before the script. */
  operator(
    text: string,
    language: string,
    asker: string | undefined,
    more: Pick<LineRequest, 'layers' | 'answers' | 'onOutcome'> = {},
  ): SpokenAnswer & { hits: readonly TextHit[] } {
    const { agenda, judge } = this.options;
    const prefix = asker === undefined ? undefined : this.question(language, [asker], 1, 0);
    const shown = this.options.productNow();
    for (const line of [...(prefix === undefined ? [] : [`${prefix} ${text}`]), text]) {
      const hits = judge.refusals(line, language, shown);
      if (hits.length > 0) {
        if (line !== text) continue;
        judge.record(hits);
        return { refused: hits[0]!.kind, hits };
      }
      const added = agenda.add({
        kind: 'operator',
        text: line,
        judgedAs: 'reply',
        gesture: 'nod',
        about: shown,
        ...more,
        ...this.languageOf(language),
      });
      return added === undefined
        ? { refused: 'too many lines are waiting', hits: [] }
        : { text: line, id: added.id, hits: [] };
    }
    return { refused: 'nothing to say', hits: [] };
  }

  /** A line without a question: a reaction, a timed line. The first clean text is taken. */
  say(
    texts: readonly RuleText[],
    line: Pick<LineRequest, 'kind' | 'role'>,
    onOutcome?: (outcome: LineOutcome) => void,
  ): SpokenAnswer {
    const { agenda, judge, room } = this.options;
    for (const { text, language = room.language } of texts.slice(0, MAX_TRIES)) {
      const base = baseLanguage(language);
      const about = this.options.productNow();
      if (judge.refusals(text, base, about).length > 0) continue;
      const judgedAs = line.kind === 'timed' ? 'speech' : 'reply';
      const request = { ...line, text, judgedAs, about, gesture: 'wave', ...this.languageOf(base) } as const;
      const added = agenda.add(onOutcome === undefined ? request : { ...request, onOutcome });
      return added === undefined ? { refused: 'too many lines are waiting' } : { text, id: added.id };
    }
    return { refused: 'no wording passes the rules' };
  }

  /** The listing's answer is never denied: where no wording passes the rules, viewers are sent to the page. */
  private choose(pending: PendingAnswer): Worded | { readonly refused: string } {
    const chosen = this.wordingOf(pending);
    if (!('refused' in chosen) || !isAboutProduct(pending) || pending.path === 'llm') return chosen;
    const { judge, listing } = this.options;
    const { language } = pending.found;
    const shown = this.options.productNow();
    const text = listing
      .sentences('inListing', language)
      .find((one) => judge.refusals(one, language, shown).length === 0);
    return text === undefined ? chosen : { text, language, instead: chosen.refused };
  }

  private wordingOf(pending: PendingAnswer): Worded | { readonly refused: string } {
    const { judge, room } = this.options;
    const shown = this.options.productNow();
    let first: readonly TextHit[] = [];
    const wordings = this.wordings(pending);
    // "{user}" is a given name in the first round, "dear viewer" in the second.
    for (const isNamed of pending.path === 'rule' ? [true, false] : [true]) {
      for (const [i, candidate] of wordings.entries()) {
        const language = baseLanguage(candidate.language ?? room.language);
        const user = isNamed ? pending.firstName : this.options.packs.get(language)?.viewer;
        const answer = this.filled(candidate.text, pending, language, user);
        if (answer === undefined) continue;
        const prefix = pending.path === 'rule' ? undefined : this.prefix(pending, language, i);
        const lines = prefix === undefined ? [answer] : [`${prefix} ${answer}`, answer];
        for (const text of lines) {
          const hits = judge.refusals(text, language, shown);
          if (hits.length === 0) return { text, language, plain: answer };
          if (first.length === 0) first = hits;
        }
      }
      if (first.length > 0) break;
    }
    if (first.length === 0) return { refused: 'the listing cannot fill in any of the answers' };
    judge.record(first.slice(0, 3));
    return { refused: `the answer breaks rule ${first[0]!.rule} (${first[0]!.kind})` };
  }

  /** Wordings take turns, so that the same question is not answered in the same words. */
  private wordings({ key, texts = [], found: { rule } }: PendingAnswer): readonly RuleText[] {
    if (rule !== undefined || texts.length === 0) return texts;
    const turn = this.turns.get(key) ?? 0;
    this.turns.delete(key);
    this.turns.set(key, turn + 1);
    if (this.turns.size > 500) this.turns.delete(this.turns.keys().next().value!);
    const first = turn % texts.length;
    return [...texts.slice(first), ...texts.slice(0, first)].slice(0, MAX_TRIES);
  }

  private filled(text: string, pending: PendingAnswer, language: string, user: string | undefined): string | undefined {
    const { product, rule } = pending.found;
    const { listing } = this.options;
    if (rule !== undefined) {
      const reader = product && listing.reader(product, language);
      return fillVariables(text, { user, product, reader });
    }
    const isOther = product !== undefined && product.id !== this.options.productNow() && isAboutProduct(pending);
    const name = isOther && this.options.productNow() !== null ? listing.nameOf(product, language) : undefined;
    return name === undefined ? text : `${name}: ${text}`;
  }

  /** Who asked, or what was asked: "A question from Anna:", "A viewer asks for the price of 500 pieces." */
  private prefix(pending: PendingAnswer, language: string, turn: number): string | undefined {
    const named = this.options.room.replies.sayNames
      ? this.question(language, pending.names, pending.asked, turn)
      : undefined;
    if (named !== undefined) return named;
    const { asked } = pending.found;
    const isListed = asked?.faq === undefined;
    return (isListed && asked && this.asked.of({ ...asked, language })) || this.asked.anybody(language);
  }

  private question(language: string, names: readonly string[], viewers: number, turn: number): string | undefined {
    const pack = this.options.packs.get(language);
    const { judge } = this.options;
    const said = pack && namesInWords(names, viewers, pack, (list, of) => judge.together(list, of));
    if (pack === undefined || said === undefined) return undefined;
    const { question } = pack.sentences;
    return fillSlots(question[turn % question.length]!, { names: said });
  }

  private request(pending: PendingAnswer, { text, language }: RuleText): LineRequest {
    const { room } = this.options;
    const { rule } = pending.found;
    const layers: LineLayer[] = [];
    const panel = room.replies.showQuestion ? this.panel(pending) : undefined;
    if (panel !== undefined) layers.push({ layer: panel, tailMs: QUESTION_TAIL_MS, givesWay: true });
    if (rule?.layer !== undefined) layers.push({ layer: rule.layer as Layer, tailMs: rule.layerMs });
    return {
      kind: rule?.interrupt === true ? 'urgent' : 'reply',
      text,
      ...this.languageOf(language ?? room.language),
      role: rule?.role ?? 'host',
      gesture: 'nod',
      about: this.options.productNow(),
      layers,
      interrupt: rule?.interrupt ?? false,
      answers: [...pending.ids],
      judgedAs: 'reply',
      maxWaitMs: MAX_WAIT_MS,
    };
  }

  /** A question as the panel says it, in the show's own words; undefined for one that was not understood. */
  questionText(asked: UnderstoodQuestion | undefined): string | undefined {
    const text = asked && this.asked.of(asked);
    if (text === undefined) return undefined;
    const { judge, productNow } = this.options;
    return judge.refusals(text, asked!.language, productNow()).length > 0 ? undefined : text;
  }

  /** The question in the show's own words; in the viewer's only where the room file asks for that. */
  private panel({ first, firstName, found }: PendingAnswer): Layer | undefined {
    const { room, judge } = this.options;
    const { asked, isClean } = found;
    const isQuoted = room.replies.quote === 'judged' && isClean && first.kind === 'comment';
    const text = isQuoted ? textOf(first) : this.questionText(asked);
    if (text === undefined) return undefined;
    const user = firstName ?? (first.user === '' ? undefined : judge.mask(first.user));
    return questionLayer(text, user, room.layers);
  }

  /** Lines in the room's language keep the room's own voice. */
  private languageOf(language: string): { language?: string } {
    return this.options.judge.isRoomLanguage(language) ? {} : { language };
  }
}

const textOf = ({ text = '' }: EventRecord): string => text;

const isAboutProduct = ({ path, about }: PendingAnswer): boolean =>
  (path === 'intent' && about !== 'ai' && about !== 'who' && about !== 'link') || path === 'faq' || path === 'llm';
