import type report from '../../../templates/texts/report.json';
import type { BothLanguages } from '../../config/api/report-handle.js';
import { templateJson } from '../../core/files/paths.js';

export type ReportLanguage = keyof BothLanguages;

/** Texts of the report page, and names of values; an unknown value is shown as it is. */
const { texts: TEXTS, values: VALUES } = templateJson<{
  readonly texts: Readonly<Record<keyof typeof report.texts, BothLanguages>>;
  readonly values: Readonly<Record<string, BothLanguages>>;
}>('texts', 'report.json');

/** Why a question had no answer, as the show recorded it. */
const REASONS: readonly (readonly [recorded: RegExp, words: BothLanguages])[] = [
  [/speech|voice|answer in time|espeak/i, { en: 'the voice was too slow', zh: '语音合成太慢' }],
  [/same again/, { en: 'the same had just been answered', zh: '刚刚回答过同样的问题' }],
  [/waited|too many|has stopped|cancelled/, { en: 'came too late: too many at once, or too busy', zh: '来不及回答' }],
  [/does not say|nobody knows|cannot fill/, { en: 'nobody knew the answer', zh: '没有答案' }],
  [/breaks rule ([\d.P]+)/, { en: 'the answer breaks rule $1', zh: '答案违反规则 $1' }],
  [/model/, { en: 'the language model had no usable answer', zh: '大模型没有可用的回答' }],
];

export const reasonIn =
  (language: ReportLanguage) =>
  (reason: string | null): string => {
    if (reason === null) return '';
    for (const [recorded, words] of REASONS) {
      const found = recorded.exec(reason);
      if (found !== null) return words[language].replace('$1', found[1] ?? '');
    }
    return reason;
  };

export type Say = (key: keyof typeof report.texts, values?: Readonly<Record<string, string>>) => string;

export const sayIn =
  (language: ReportLanguage): Say =>
  (key, values = {}) =>
    TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Name of a value for people. */
export const valueIn =
  (language: ReportLanguage) =>
  (value: string): string =>
    Object.hasOwn(VALUES, value) ? VALUES[value]![language] : value;

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

const LOCALES: Readonly<Record<ReportLanguage, string>> = { en: 'en-GB', zh: 'zh-CN' };

/** Numbers, times and durations as a language writes them. */
export class NumberWords {
  private readonly numbers: Intl.NumberFormat;
  private readonly percents: Intl.NumberFormat;
  private readonly dates: Intl.DateTimeFormat;
  private readonly clocks: Intl.DateTimeFormat;
  private readonly days: Intl.DateTimeFormat;

  constructor(
    private readonly language: ReportLanguage,
    readonly zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
  ) {
    const locale = LOCALES[language];
    this.numbers = new Intl.NumberFormat(locale);
    this.percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    const timeZone = zone;
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
    this.dates = new Intl.DateTimeFormat(locale, { ...clock, day: 'numeric', month: 'short' });
    this.clocks = new Intl.DateTimeFormat(locale, clock);
    this.days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone });
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  /** Never rounds up to 100 %. */
  share(value: number): string {
    return this.percents.format(value < 1 && value > 0.999 ? 0.999 : value);
  }

  at(ms: number): string {
    return this.dates.format(ms);
  }

  clock(ms: number): string {
    return this.clocks.format(ms);
  }

  day(ms: number): string {
    return this.days.format(ms);
  }

  /** `2 h 05 min`, `12 min 30 s`, `4.2 s`, `340 ms`. */
  duration(ms: number): string {
    const zh = this.language === 'zh';
    const two = (n: number): string => String(n).padStart(2, '0');
    if (ms >= 100 * H) return `${this.number(Math.round(ms / H))}${zh ? ' 小时' : ' h'}`;
    if (ms >= H) {
      const minutes = Math.round(ms / MIN);
      const [h, min] = [Math.floor(minutes / 60), minutes % 60];
      return min === 0 ? `${h}${zh ? ' 小时' : ' h'}` : zh ? `${h} 小时 ${min} 分` : `${h} h ${two(min)} min`;
    }
    if (ms >= MIN) {
      const seconds = Math.round(ms / S);
      const [min, s] = [Math.floor(seconds / 60), seconds % 60];
      if (min === 60) return zh ? '1 小时' : '1 h';
      return s === 0 ? `${min}${zh ? ' 分' : ' min'}` : zh ? `${min} 分 ${s} 秒` : `${min} min ${two(s)} s`;
    }
    if (ms >= S) return `${(ms / S).toFixed(ms < 10 * S ? 1 : 0)}${zh ? ' 秒' : ' s'}`;
    return ms === 0 ? `0${zh ? ' 秒' : ' s'}` : `${Math.round(ms)}${zh ? ' 毫秒' : ' ms'}`;
  }
}
