import { findDrawnCode, judgeAcross, type TextJudge } from '../../moderation/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Line } from '../../config/sections/script.js';
import { EngineError } from '../../core/errors.js';
import type { LedgerEntry, Surface, TextHit } from '../../core/verdict.js';
import { Listings } from '../../show/listings.js';
import { judgeSpoken } from '../../show/judge-spoken.js';
import { voiceLanguage } from '../../show/line-voice.js';
import type { SpeechService } from '../../speech/speech-service.js';
import { forbids } from './refuse-texts.js';
import { ruleById } from '../../moderation/packs/index.js';

export interface RefuseLinesParts {
  readonly room: RoomConfig;
  readonly judge: TextJudge;
  readonly speech: Pick<SpeechService, 'spoken'>;
  readonly ledger: (entry: LedgerEntry) => void;
}

/** A line to be spoken, with the lines beside it. */
export interface JudgedLine {
  readonly where: string;
  readonly line: Pick<Line, 'text' | 'variants' | 'caption' | 'language' | 'role'>;
  readonly product: string | undefined;
  readonly before?: string | undefined;
  readonly next?: string | undefined;
  /** Judged alone already; only combinations with neighbours are new. */
  readonly isKnown?: boolean;
}

/** The room's quick phrases, to be judged at the start. */
export const quickPhraseLines = ({ takeover }: Pick<RoomConfig, 'takeover'>): JudgedLine[] =>
  takeover.quickPhrases.map(({ text, language }, i) => ({
    where: `takeover.quickPhrases[${i}]`,
    line: { text, variants: [], ...(language === undefined ? {} : { language }) },
    product: undefined,
  }));

/**
 * Throws E_TEXT_REFUSED for the first line that must not be spoken or shown as it is: each wording as written and as
 * spoken, its captions, and its text together with the lines beside it. Records each finding in the ledger; a refused
 * line adds nothing to the risk.
 */
export function refuseLines(parts: RefuseLinesParts, lines: readonly JudgedLine[]): void {
  const entries = new Listings(parts.room.products);
  for (const one of lines) refuseLine(parts, entries, one);
}

interface Words {
  readonly en: string;
  readonly zh: string;
}

/** Plain names of findings, where the rule's title says less. */
const BY_KIND: Readonly<Record<string, Words>> = {
  phone: { en: 'phone number', zh: '电话号码' },
  link: { en: 'web address', zh: '网址' },
  mail: { en: 'e-mail address', zh: '邮箱地址' },
  card: { en: 'bank card', zh: '银行卡号' },
  iban: { en: 'bank account', zh: '银行账号' },
  'reply-repeated': { en: 'the same answer again and again', zh: '重复回复' },
  'reply-rate': { en: 'too many answers', zh: '回复过多' },
};
const BY_RULE: Readonly<Record<string, Words>> = {
  '3.1': { en: 'payment outside the platform', zh: '站外支付' },
  '3.2': { en: 'outside contact', zh: '站外联系方式' },
};
/** A contact with at least this many digits is called a phone number. */
const MIN_PHONE_DIGITS = 7;

/** Why a line is refused, in plain words, each reason once. */
export function refusalReason(hits: readonly TextHit[]): Words {
  const all = hits.flatMap((hit): Words[] => {
    const words = [BY_KIND[hit.kind], BY_RULE[hit.rule] ?? titleOf(hit.rule)];
    if (hit.rule === '3.2' && (hit.match.match(/\p{Nd}/gu) ?? []).length >= MIN_PHONE_DIGITS)
      words.unshift(BY_KIND['phone']);
    return words.filter((w) => w !== undefined);
  });
  const join = (language: keyof Words): string => [...new Set(all.map((w) => w[language]))].join(' / ');
  return { en: join('en'), zh: join('zh') };
}

function titleOf(rule: string): Words | undefined {
  const title = ruleById(rule)?.title;
  return title && { en: title.en[0]!.toLowerCase() + title.en.slice(1), zh: title.zh };
}

function refuseLine(
  { room, judge, speech, ledger }: RefuseLinesParts,
  entries: Listings,
  { where, line, product, before, next, isKnown = false }: JudgedLine,
): void {
  const language = line.language ?? room.language;
  const refuse = (place: string, surface: Surface, hits: readonly TextHit[], expected: string): void => {
    const bad = hits.filter(forbids);
    const [first] = bad;
    if (first === undefined) return;
    for (const hit of bad) ledger(refused(hit, place, surface));
    throw new EngineError('E_TEXT_REFUSED', {
      where: place,
      expected,
      found: `"${first.match.slice(0, 60)}" (rule ${first.rule}, ${first.kind})`,
      todo: 'take it out',
      details: { hits: bad, reason: refusalReason(bad) },
    });
  };
  const texts = [{ place: `${where}.text`, text: line.text }].concat(
    line.variants.map((text, v) => ({ place: `${where}.variants[${v}]`, text })),
  );
  for (const { place, text } of isKnown ? [] : texts) {
    const spoken = speech.spoken(text, voiceLanguage(room, line.language, line.role));
    const context = { surface: 'speech', language, entry: entries.of(product, text) } as const;
    refuse(place, 'speech', judgeSpoken(judge, text, spoken, context).hits, 'words that may be spoken');
  }
  const captions = line.caption === undefined ? texts : [{ place: `${where}.caption`, text: line.caption }];
  if (line.caption !== '' && line.caption !== undefined) captions.push(...texts.slice(1));
  for (const { place, text } of isKnown ? [] : captions) {
    const drawn = findDrawnCode(text);
    if (drawn !== undefined) refuse(place, 'caption', [drawn], 'a text without characters that can draw a code');
    const { hits } = judge.judge(text, { surface: 'caption', language, entry: entries.of(product, text) });
    refuse(place, 'caption', hits, 'words that may be shown');
  }
  const besides = 'words that may stand beside the lines around them';
  if (before !== undefined) refuse(`${where}.text`, 'speech', judgeAcross(judge, before, line.text, language), besides);
  if (next !== undefined) refuse(`${where}.text`, 'speech', judgeAcross(judge, line.text, next, language), besides);
}

const refused = (hit: TextHit, where: string, surface: Surface): LedgerEntry => ({
  kind: 'text',
  rule: hit.rule,
  surface,
  action: 'refuse',
  evidence: hit.match.slice(0, 200),
  detail: { where, kind: hit.kind },
});
