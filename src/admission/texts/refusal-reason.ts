import { ruleById } from '../../moderation/packs/index.js';
import type { TextHit } from '../../core/verdict.js';

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
