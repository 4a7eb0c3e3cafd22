import { z } from 'zod';
import { ACTION_CHOICES, type ActionsConfig, type ActionSurface } from '../../config/sections/compliance.js';
import { CODE_RULE, type RuleAction, type Surface } from '../../core/verdict.js';

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

const term = z.string().min(1).max(60);
const setName = z.string().regex(/^[a-z][a-z0-9-]*$/);

const near = z.strictObject({
  kind: z.string().min(1),
  all: z.array(setName).min(2).max(4).describe('Sets of which one word each must occur'),
  within: z.int().min(0).max(120).describe('Maximum characters between two neighbours'),
  ordered: z.boolean().default(false).describe('The sets must occur in this order'),
  clause: z.boolean().default(false).describe('The sets must occur in one clause, with no comma between them'),
  unless: z.array(setName).default([]).describe('No hit when a word of these sets is close by'),
  unlessBefore: z.array(setName).default([]).describe('No hit when a word of these sets comes shortly before'),
});

const sentence = z.string().min(1).max(400);
const fixture = z.union([sentence, z.strictObject({ text: sentence, language: z.string().optional() })]);

/** One file of templates/rules: the words of one language for one rule. */
export const rulePack = z.strictObject({
  $schema: z.string().optional(),
  rule: z.enum(RULES.map((r) => r.id) as [string, ...string[]]),
  language: z.string().describe('ISO 639-1 code, or "any" for words used in every language'),
  say: z.record(setName, z.array(term)).default({}).describe('Words that are a hit by themselves, by kind'),
  sets: z.record(setName, z.array(term)).default({}).describe('Words that count only together with others'),
  near: z.array(near).default([]).describe('Which sets make a hit together'),
  except: z.array(term).default([]).describe('Longer words in which this rule must not match'),
  sayUnless: z.array(setName).default([]).describe('Hits by themselves do not count close to words of these sets'),
  sayUnlessBefore: z.array(setName).default([]).describe('Nor when a word of these sets comes shortly before'),
  trip: z.array(fixture).default([]).describe('Lines that break the rule'),
  pass: z.array(fixture).default([]).describe('Near misses that break no rule'),
});
export type RulePack = z.infer<typeof rulePack>;
export type NearRule = z.infer<typeof near>;
export type RulePacks = readonly RulePack[];

/** A rule pack's JSON Schema (draft 2020-12) for authors: keys with defaults are optional. */
export function rulePackSchema(): Record<string, unknown> {
  return {
    $id: 'rule-pack.schema.json',
    title: 'Showroom rule pack',
    ...z.toJSONSchema(rulePack, { io: 'input', target: 'draft-2020-12' }),
  };
}

/** An action of the room file that is weaker than the table's. */
export interface WeakerAction {
  readonly rule: string;
  readonly surface: Surface;
  readonly chosen: RuleAction;
  readonly table: RuleAction;
}

/** An action of the room file that is not possible for a rule on its surface. */
export interface UndoneAction {
  /** `compliance.actions["5.8"].speech` */
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

const SURFACES = Object.keys(ACTION_CHOICES) as ActionSurface[];
/**
 * How much of a violation each action withholds from the viewer. Blurring is weaker than removal, because the position
 * remains visible.
 */
const STRENGTH: Readonly<Record<RuleAction, number>> = {
  warn: 0,
  review: 0,
  blur: 1,
  pixelate: 1,
  'drop-caption': 2,
  mute: 2,
  tone: 2,
  hold: 2,
  blank: 2,
  skip: 3,
  refuse: 4,
  stop: 4,
};

/**
 * Possible actions depend on how a violation is detected, not only on its surface.
 *
 * Words are judged before they are spoken or shown, so each can be removed. A code is found in its frame, at a known
 * position. Words inside the composed picture are read seconds later, so only the whole picture can be removed. Faults
 * that show over time (repetition, stillness, silence, quality) are detected afterwards: a person can be notified, or
 * the show can end.
 */
const WATCHED: ReadonlySet<string> = new Set(['5.7', '5.8', '5.10', '5.11']);

const OF_WORDS: Readonly<Record<Exclude<ActionSurface, 'frame'>, readonly RuleAction[]>> = {
  speech: ['warn', 'mute', 'tone', 'skip', 'stop'],
  caption: ['warn', 'drop-caption', 'stop'],
  reply: ['warn', 'skip', 'stop'],
};
const OF_WATCHES: readonly RuleAction[] = ['warn', 'stop'];
const OF_CODES: readonly RuleAction[] = ['hold', 'blank', 'blur', 'pixelate', 'stop'];
const OF_PICTURED_WORDS: readonly RuleAction[] = ['blank', 'stop'];

/** The actions that the engine can take for this rule on this surface when the room file requests them. */
export function doableActions(rule: string, surface: ActionSurface): readonly RuleAction[] {
  if (WATCHED.has(rule)) return OF_WATCHES;
  if (surface !== 'frame') return OF_WORDS[surface];
  return rule === CODE_RULE ? OF_CODES : OF_PICTURED_WORDS;
}

/** The action for each rule on each surface: the rule table's, or the room's. */
export class RuleActions {
  readonly weaker: readonly WeakerAction[];
  /** Rule ids of the room file that are missing from the table, or surfaces on which the rule does not apply. */
  readonly unknown: readonly string[];
  /** Actions of the room file that are not possible. */
  readonly undone: readonly UndoneAction[];
  private readonly chosen = new Map<string, RuleAction>();

  constructor(config: ActionsConfig) {
    const weaker: WeakerAction[] = [];
    const unknown: string[] = [];
    const undone: UndoneAction[] = [];
    for (const [rule, choice] of Object.entries(config)) {
      if (ruleById(rule) === undefined) {
        unknown.push(`${rule}: no such rule`);
        continue;
      }
      const bare = typeof choice === 'string';
      const where = `compliance.actions["${rule}"]`;
      /** Number of surfaces on which the action applies, or would apply if it were possible. */
      let used = 0;
      const missed: ActionSurface[] = [];
      for (const surface of SURFACES) {
        const named = bare ? pick(surface, choice) : choice[surface];
        if (named === undefined) continue;
        const table = defaultAction(rule, surface);
        if (table === undefined) {
          if (!bare) unknown.push(`${rule}.${surface}: the rule does not apply there`);
          continue;
        }
        const chosen: RuleAction = named === 'drop' ? 'drop-caption' : named;
        if (!doableActions(rule, surface).includes(chosen)) {
          missed.push(surface);
          if (!bare) undone.push(notDone(`${where}.${surface}`, rule, [surface], named));
          continue;
        }
        used += 1;
        this.chosen.set(`${rule} ${surface}`, chosen);
        if (STRENGTH[chosen] < STRENGTH[table]) weaker.push({ rule, surface, chosen, table });
      }
      if (!bare || used > 0) continue;
      if (missed.length > 0) undone.push(notDone(where, rule, missed, choice));
      else unknown.push(`${rule}: "${choice}" is not possible on any of its surfaces`);
    }
    this.weaker = weaker;
    this.unknown = unknown;
    this.undone = undone;
  }

  /** True when the room file sets it. */
  isChosen(rule: string, surface: Surface): boolean {
    return this.chosen.has(`${rule} ${surface}`);
  }

  /** Undefined where the rule does not apply. */
  action(rule: string, surface: Surface): RuleAction | undefined {
    return this.chosen.get(`${rule} ${surface}`) ?? defaultAction(rule, surface);
  }
}

type Choice = (typeof ACTION_CHOICES)[ActionSurface][number];

const pick = (surface: ActionSurface, action: string): Choice | undefined =>
  ACTION_CHOICES[surface].find((choice) => choice === action);

/** Describes the possible actions in the room file's words. */
function notDone(where: string, rule: string, surfaces: readonly ActionSurface[], named: string): UndoneAction {
  const choices = surfaces.map((surface) => {
    const able = doableActions(rule, surface).map((action) => (action === 'drop-caption' ? '"drop"' : `"${action}"`));
    return `${able.join(', ')} on ${surface}`;
  });
  return { where, expected: choices.join('; '), found: `"${named}", which is not possible there` };
}
