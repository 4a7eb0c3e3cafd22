import type { RuleAction, Surface } from '../../core/verdict.js';

/**
 * Every rule of the platforms, with the id used in hits, ledger and reports. `weight` is one violation's addition to
 * the room's risk: 1 leads to a warning, 3 to going off air, 6 to deletion, 12 to a freeze.
 */
export interface Rule {
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  /** The surfaces on which the rule applies. */
  readonly surfaces: readonly Surface[];
  /** The immediate action for each of its surfaces. */
  readonly actions: Readonly<Partial<Record<Surface, RuleAction>>>;
  readonly weight: number;
}

/** Words that must not be heard, shown, answered or listed. */
const FORBIDDEN: Partial<Record<Surface, RuleAction>> = {
  speech: 'mute',
  caption: 'drop-caption',
  reply: 'skip',
  cover: 'refuse',
  entry: 'refuse',
  frame: 'blank',
};
/** Goods that may not be sold at all: the room must not start with them. */
const REFUSED: Partial<Record<Surface, RuleAction>> = { ...FORBIDDEN, caption: 'drop-caption', entry: 'refuse' };
const PICTURE_WARNING: Partial<Record<Surface, RuleAction>> = { frame: 'warn' };

function rule(
  id: string,
  en: string,
  zh: string,
  letters: string,
  all: Partial<Record<Surface, RuleAction>>,
  weight: number,
): Rule {
  const surfaces = Array.from(letters, (letter) => SURFACE_OF[letter]!);
  const actions: Partial<Record<Surface, RuleAction>> = {};
  for (const surface of surfaces) actions[surface] = all[surface] ?? 'warn';
  return { id, title: { en, zh }, surfaces, actions, weight };
}

/** S speech, C caption and any text on screen, F frame, R reply, V cover, E listing. */
const SURFACE_OF: Readonly<Record<string, Surface>> = {
  S: 'speech',
  C: 'caption',
  F: 'frame',
  R: 'reply',
  V: 'cover',
  E: 'entry',
};

/** In the order of the platforms' own rules. */
export const RULES: readonly Rule[] = [
  rule('1.1', 'Sensitive information', '敏感信息', 'SCRFVE', FORBIDDEN, 12),
  rule('1.2', 'Obscene information', '淫秽色情信息', 'SCRFVE', FORBIDDEN, 12),
  rule('1.3', 'Illegal or banned goods', '违禁商品', 'SCRFVE', REFUSED, 6),
  rule('2.1', 'False, exaggerated or absolute claims', '虚假夸大宣传', 'SCRFVE', FORBIDDEN, 3),
  rule('2.2', 'Posing as the platform', '冒充平台官方', 'SCRFVE', FORBIDDEN, 3),
  rule('2.3', 'Spam', '垃圾信息', 'SCR', { speech: 'skip', caption: 'drop-caption', reply: 'skip' }, 1),
  rule('3.1', 'Offline transactions', '引导线下交易', 'SCRFVE', FORBIDDEN, 6),
  rule('3.2', 'External sites, apps and contacts', '站外信息与联系方式', 'SCRFVE', FORBIDDEN, 3),
  rule('3.3', 'Codes to scan', '二维码', 'SCRFVE', FORBIDDEN, 3),
  rule('4.1', 'Counterfeit goods', '假冒商品', 'SCRFVE', FORBIDDEN, 6),
  rule('4.2', 'Charging privately', '私自收费', 'SCRFVE', FORBIDDEN, 6),
  rule('5.1', 'Broken promises', '违背承诺', 'SCR', { speech: 'mute', caption: 'drop-caption', reply: 'skip' }, 3),
  rule('5.2', 'Disrupting order, insults', '扰乱秩序、辱骂', 'SCRFVE', FORBIDDEN, 3),
  rule('5.3', "Other people's information", '泄露他人信息', 'SCRFVE', FORBIDDEN, 3),
  rule(
    '5.4',
    "Other people's rights",
    '不当使用他人权利',
    'SCRFVE',
    { speech: 'warn', caption: 'warn', reply: 'warn', frame: 'warn', cover: 'refuse', entry: 'refuse' },
    3,
  ),
  rule(
    '5.5',
    'Broadcast differs from the listing',
    '直播与商品信息不符',
    'SCR',
    { speech: 'mute', caption: 'drop-caption', reply: 'skip' },
    3,
  ),
  rule('5.6', 'Wrong language', '直播语种错误', 'SCR', { speech: 'mute', caption: 'drop-caption', reply: 'skip' }, 1),
  rule('5.7', 'Duplicate content', '重复内容', 'SF', { speech: 'warn', frame: 'warn' }, 1),
  rule('5.8', 'No effective content', '无有效内容', 'SF', { speech: 'warn', frame: 'warn' }, 1),
  rule('5.9', 'Cover', '封面违规', 'V', { cover: 'refuse' }, 1),
  rule('5.10', 'Low quality', '低质直播', 'F', PICTURE_WARNING, 1),
  rule('5.11', 'A mere background picture', '仅有背景图', 'F', PICTURE_WARNING, 1),
  rule('5.12', 'Minors', '未成年人直播', 'SCRFVE', FORBIDDEN, 6),
  rule('5.13', 'Broadcast of events', '赛事活动转播', 'SCRFVE', FORBIDDEN, 6),
  rule(
    'P',
    'Penalties',
    '处罚',
    'SCRFVE',
    { speech: 'stop', caption: 'stop', reply: 'stop', frame: 'stop', cover: 'stop', entry: 'stop' },
    12,
  ),
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((r) => [r.id, r]));

/** The rule with this id, or undefined for an unknown id. */
export const ruleById = (id: string): Rule | undefined => BY_ID.get(id);

/** The table's action for a rule on a surface; undefined where the rule does not apply. */
export const defaultAction = (id: string, surface: Surface): RuleAction | undefined => BY_ID.get(id)?.actions[surface];
