/** Findings of a check in words, and how the studio mends those that have one way to be mended. */
import type { TwoTexts } from '../../core/alarm-kinds.js';
import { EngineError } from '../../core/errors.js';
import type { CheckFault } from '../../admission/check-rights.js';

export interface Fix {
  readonly id: string;
  readonly label: TwoTexts;
}

interface Mend extends Fix {
  readonly place: RegExp;
  /** Only for findings of this rule or these words. */
  readonly when?: (fault: CheckFault) => boolean;
  readonly apply: (document: Json, at: readonly number[]) => Json;
}

type Json = Record<string, unknown>;

const isWords = ({ rule }: CheckFault): boolean => rule !== undefined;

const MENDS: readonly Mend[] = [
  {
    id: 'confirm-currency',
    label: { en: 'Sell in this currency', zh: '以此货币销售' },
    place: /^products\[(\d+)\]\.price\.currency$/,
    apply: (document, [product]) =>
      inList(document, 'products', product!, (one) => {
        const { ofVisitor: _ofVisitor, ...price } = one['price'] as Json;
        return { ...one, price };
      }),
  },
  {
    id: 'price-of-ladder',
    label: { en: 'Take the first price of the ladder', zh: '采用阶梯价第一档' },
    place: /^products\[(\d+)\]\.price\.amount$/,
    apply: (document, [product]) =>
      inList(document, 'products', product!, (one) => {
        const [first] = listIn(one, 'priceLadder') as { price?: number }[];
        if (first?.price === undefined) return one;
        return { ...one, price: { ...(one['price'] as Json), amount: first.price } };
      }),
  },
  {
    id: 'drop-wording',
    label: { en: 'Leave this wording out', zh: '删除此说法' },
    place: /^script\.segments\[(\d+)\]\.lines\[(\d+)\]\.variants\[(\d+)\]/,
    when: isWords,
    apply: (document, [segment, line, variant]) =>
      inLine(document, segment!, line!, (one) => ({ ...one, variants: without(listIn(one, 'variants'), variant!) })),
  },
  {
    id: 'drop-line',
    label: { en: 'Leave this line out', zh: '删除此句' },
    place: /^script\.segments\[(\d+)\]\.lines\[(\d+)\]\.text$/,
    when: isWords,
    apply: (document, [segment, line]) =>
      inLine(document, segment!, line!, (one) => {
        // Another wording takes its place where there is one.
        const [next, ...rest] = listIn(one, 'variants') as string[];
        return next === undefined ? undefined : { ...one, text: next, variants: rest };
      }),
  },
  {
    id: 'drop-caption',
    label: { en: 'Show the spoken words instead', zh: '改为显示口播文字' },
    place: /^script\.segments\[(\d+)\]\.lines\[(\d+)\]\.caption$/,
    when: isWords,
    apply: (document, [segment, line]) => inLine(document, segment!, line!, ({ caption: _caption, ...one }) => one),
  },
  {
    id: 'drop-filler',
    label: { en: 'Leave this filler out', zh: '删除此句' },
    place: /^script\.fillers\[(\d+)\]$/,
    when: isWords,
    apply: (document, [filler]) => {
      const script = (document['script'] ?? {}) as Json;
      return { ...document, script: { ...script, fillers: without(listIn(script, 'fillers'), filler!) } };
    },
  },
  {
    id: 'drop-answer',
    label: { en: 'Leave this answer out', zh: '删除此回答' },
    place: /^products\[(\d+)\]\.faq\[(\d+)\]/,
    apply: (document, [product, answer]) =>
      inList(document, 'products', product!, (one) => ({ ...one, faq: without(listIn(one, 'faq'), answer!) })),
  },
  {
    id: 'drop-fact',
    label: { en: 'Leave this fact out', zh: '删除此事实' },
    place: /^products\[(\d+)\]\.facts\[(\d+)\]/,
    apply: (document, [product, fact]) =>
      inList(document, 'products', product!, (one) => ({ ...one, facts: without(listIn(one, 'facts'), fact!) })),
  },
  {
    id: 'drop-phrase',
    label: { en: 'Leave this phrase out', zh: '删除此短语' },
    place: /^takeover\.quickPhrases\[(\d+)\]/,
    when: isWords,
    apply: (document, [phrase]) => {
      const takeover = (document['takeover'] ?? {}) as Json;
      return {
        ...document,
        takeover: { ...takeover, quickPhrases: without(listIn(takeover, 'quickPhrases'), phrase!) },
      };
    },
  },
];

/** Null where a person has to decide. */
export function fixFor(fault: CheckFault): Fix | null {
  const mend = MENDS.find(({ place, when }) => place.test(fault.where) && when?.(fault) !== false);
  return mend === undefined ? null : { id: mend.id, label: mend.label };
}

/** Throws E_BAD_REQUEST for a place that the fix is not for, or that is gone. */
export function applyFix(document: Json, fix: string, where: string): Json {
  const mend = MENDS.find(({ id }) => id === fix);
  const found = mend?.place.exec(where);
  if (mend === undefined || found === undefined || found === null)
    throw new EngineError('E_BAD_REQUEST', {
      where: where.slice(0, 120),
      expected: 'a finding that has this fix',
      found: fix.slice(0, 60),
      todo: 'check the room again',
    });
  return mend.apply(document, found.slice(1).map(Number));
}

/** Words of places, for people who do not know the file. */
const PLACES: readonly (readonly [RegExp, (at: readonly string[]) => TwoTexts])[] = [
  [
    /^products\[(\d+)\]\.(\w+)/,
    ([n, field]) => ({ en: `Product ${Number(n) + 1}, ${field}`, zh: `商品 ${Number(n) + 1} 的 ${field}` }),
  ],
  [
    /^script\.segments\[(\d+)\]\.lines\[(\d+)\]/,
    ([s, l]) => ({
      en: `Script, part ${Number(s) + 1}, line ${Number(l) + 1}`,
      zh: `脚本第 ${Number(s) + 1} 段第 ${Number(l) + 1} 句`,
    }),
  ],
  [/^script/, () => ({ en: 'Script', zh: '脚本' })],
  [/^layers?(?:\[\d+\])? ?"([^"]+)"/, ([id]) => ({ en: `Layer “${id}”`, zh: `图层“${id}”` })],
  [/^layers/, () => ({ en: 'Layers', zh: '图层' })],
  [/^audio\.music/, () => ({ en: 'Music', zh: '音乐' })],
  [/^audio/, () => ({ en: 'Sound', zh: '声音' })],
  [/^presenter\.voice|^voice/, () => ({ en: 'Voice', zh: '语音' })],
  [/^presenter/, () => ({ en: 'Presenter', zh: '主播' })],
  [/^rights/, () => ({ en: 'Rights', zh: '授权' })],
  [/^cover/, () => ({ en: 'Cover', zh: '封面' })],
  [/^outputs/, () => ({ en: 'Destinations', zh: '推流目标' })],
  [/^replies/, () => ({ en: 'Reply rules', zh: '回复规则' })],
  [/^takeover/, () => ({ en: 'Quick phrases', zh: '快捷短语' })],
  [/^compliance/, () => ({ en: 'Rules', zh: '规则' })],
];

const FOUND_ZH: readonly (readonly [RegExp, string])[] = [
  [/words that keep the rules/, '需符合规则'],
  [/a currency that the seller chose/, '需由卖家选择货币'],
  [/a price of its ladder/, '需与阶梯价一致'],
  [/an answer that may be said/, '回答需可播出'],
];

/** Form: what happened; what it means; what to do. The rest of a finding has no translation and stands as it is. */
export function findingText({ where, expected, found, rule, todo }: CheckFault): TwoTexts {
  const place = PLACES.flatMap(([pattern, words]) => {
    const parts = pattern.exec(where);
    return parts === null ? [] : [words(parts.slice(1))];
  })[0] ?? { en: where, zh: where };
  const wanted = FOUND_ZH.find(([pattern]) => pattern.test(expected))?.[1] ?? `应为 ${expected}`;
  const ruleEn = rule === undefined ? '' : ` Rule ${rule}.`;
  const ruleZh = rule === undefined ? '' : `规则 ${rule}。`;
  return {
    en: `${place.en}: ${found}. Expected ${expected}.${ruleEn}${todo === undefined ? '' : ` ${capital(todo)}.`}`,
    zh: `${place.zh}：${found}；${wanted}。${ruleZh}`,
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const listIn = (object: Json, key: string): unknown[] => (Array.isArray(object[key]) ? (object[key] as unknown[]) : []);

const without = (list: readonly unknown[], index: number): unknown[] => list.filter((_, i) => i !== index);

function inList(document: Json, key: string, index: number, change: (one: Json) => Json | undefined): Json {
  const list = listIn(document, key);
  const one = list[index];
  if (typeof one !== 'object' || one === null)
    throw new EngineError('E_BAD_REQUEST', {
      where: `${key}[${index}]`,
      expected: 'an element that exists',
      found: 'none',
    });
  const next = change(one as Json);
  return { ...document, [key]: next === undefined ? without(list, index) : list.with(index, next) };
}

const inLine = (document: Json, segment: number, line: number, change: (one: Json) => Json | undefined): Json => ({
  ...document,
  script: inList((document['script'] ?? {}) as Json, 'segments', segment, (one) => inList(one, 'lines', line, change)),
});
