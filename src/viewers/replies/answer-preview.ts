import type { RepliesConfig } from '../../config/sections/replies.js';
import type { EventRecord, PreviewedAnswer } from '../../config/api/events-handle.js';
import { type AnswerFinder, type Finding, isAnsweredMeaning } from './answer-finder.js';
import type { AnswerSpeaker } from './answer-speaker.js';
import type { CommentReader } from './comments/comment-reader.js';
import type { CommentMeanings, Reading } from './meaning/comment-meanings.js';
import { PendingAnswer } from './pending-answer.js';
import type { ReplyJudge } from './reply-judge.js';
import { type ReplyRules, ruleText, type RuleText } from './reply-rules.js';

export interface AnswerPreviewOptions {
  readonly config: Pick<RepliesConfig, 'missing' | 'stockLines'>;
  readonly finder: AnswerFinder;
  readonly speaker: AnswerSpeaker;
  readonly judge: ReplyJudge;
  readonly rules: ReplyRules;
  readonly comments: CommentReader;
  readonly meanings?: CommentMeanings | undefined;
  /** The line for questions that nobody can answer, in a language. */
  readonly stockLine: (language: string) => readonly RuleText[] | undefined;
}

/** Tries the host: the way of a comment through the reply desk, without an agenda. */
export class AnswerPreview {
  constructor(private readonly options: AnswerPreviewOptions) {}

  async of(comment: string): Promise<PreviewedAnswer> {
    const startedMs = performance.now();
    const { finder, judge, rules, meanings } = this.options;
    let rule = rules.find('comment', comment);
    const reading = rule === undefined ? await meanings?.read(comment, finder.productOf(comment)) : undefined;
    rule ??= reading?.rule;
    const found = finder.find(comment, reading);
    const verdict = judge.comment(comment, found.language, isAnsweredMeaning(found));
    const base = {
      comment,
      language: found.language,
      product: found.product?.id ?? null,
      meaning: rule?.id ?? found.meaning ?? found.intent ?? null,
      by: rule !== undefined ? ('rule' as const) : reading !== undefined ? ('meaning' as const) : ('words' as const),
      ...figures(reading),
      source: null,
    };
    const done = (more: Partial<PreviewedAnswer> & Pick<PreviewedAnswer, 'outcome'>): PreviewedAnswer => ({
      ...base,
      ...more,
      tookMs: Math.round((performance.now() - startedMs) * 10) / 10,
    });
    if (rule === undefined && !found.isQuestion && found.intent === undefined && found.meaning === undefined)
      return done({ outcome: 'silent', reason: 'no question' });
    if (verdict === 'hostile') return done({ outcome: 'hostile', reason: 'insult, contact or forbidden matter' });
    if (rule !== undefined) {
      const said = this.say(comment, found, 'rule', rule.answers.map(ruleText), rule);
      return done({ outcome: 'refused' in said ? 'silent' : 'answered', source: `rule ${rule.id}`, ...told(said) });
    }
    if (found.answer !== undefined) {
      const { wordings, language, path, source } = found.answer;
      const texts = wordings.map((text): RuleText => ({ text, language: language ?? found.language }));
      const said = this.say(comment, found, path, texts);
      const isEvasive = this.isPage(said, found.language);
      const outcome = 'refused' in said ? 'silent' : isEvasive ? 'evasive' : 'answered';
      return done({ outcome, source: source ?? `${path} ${found.answer.about}`, ...told(said) });
    }
    const asked = found.meaning ?? found.intent;
    const texts =
      asked !== undefined
        ? this.options.config.missing === 'say' && found.product !== undefined
          ? finder.notListed(found.language).map((text): RuleText => ({ text, language: found.language }))
          : []
        : (this.options.stockLine(found.language) ?? []);
    const reason = asked === undefined ? 'not understood' : `the listing does not say (${asked})`;
    if (texts.length === 0) return done({ outcome: 'silent', reason });
    const said = this.say(comment, found, 'stock-line', texts);
    return done({ outcome: 'refused' in said ? 'silent' : 'evasive', reason, ...told(said) });
  }

  /** What a comment asks, in the words of the panel; undefined for one that was not understood. */
  async questionOf(comment: string): Promise<string | undefined> {
    const { finder, speaker, meanings } = this.options;
    const reading = await meanings?.read(comment, finder.productOf(comment));
    return speaker.questionText(finder.find(comment, reading).asked);
  }

  /** A line that only sends viewers to the page. */
  private isPage(said: Said, language: string): boolean {
    return (
      'text' in said && (said.instead !== undefined || this.options.finder.inListing(language).includes(said.text))
    );
  }

  private say(
    comment: string,
    { language, product, asked }: Finding,
    path: 'rule' | 'intent' | 'faq' | 'stock-line',
    texts: readonly RuleText[],
    rule?: Parameters<ReplyRules['used']>[0],
  ): Said {
    const first = { kind: 'comment', text: comment, user: '', seq: 0, id: '', platform: '' } as unknown as EventRecord;
    const pending = new PendingAnswer('preview', 0, {
      first,
      path,
      about: '',
      language,
      product,
      asked,
      isClean: false,
      texts,
      ...(rule === undefined ? {} : { rule }),
    });
    return this.options.speaker.preview(pending);
  }
}

type Said = ReturnType<AnswerSpeaker['preview']>;
const told = (said: Said): Partial<Pick<PreviewedAnswer, 'answer' | 'plain' | 'reason'>> =>
  'refused' in said
    ? { reason: said.refused }
    : {
        answer: said.text,
        plain: said.plain ?? said.text,
        ...(said.instead === undefined ? {} : { reason: `the listing's answer is not said: ${said.instead}` }),
      };

function figures(reading: Reading | undefined): Pick<PreviewedAnswer, 'nearest' | 'score' | 'margin'> {
  const [first] = reading?.questions ?? [];
  if (first === undefined) return { nearest: [] };
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    score: round(first.score),
    margin: round(first.margin),
    nearest: first.ranked
      .slice(0, 3)
      .map(({ label, score, row }) => ({ meaning: label, score: round(score), example: row.text })),
  };
}
