import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/paths.js';
import { readCheckedPacks } from './checked-packs.js';
import { RULES } from './rule-table.js';

const term = z.string().min(1).max(60);
const setName = z.string().regex(/^[a-z][a-z0-9-]*$/);

const near = z.strictObject({
  kind: z.string().min(1),
  all: z.array(setName).min(2).max(4).describe('A word of each of these sets has to occur'),
  within: z.int().min(0).max(120).describe('Most characters between two neighbours'),
  ordered: z.boolean().default(false).describe('The sets have to occur in this order'),
  clause: z.boolean().default(false).describe('The sets have to occur in one clause, with no comma between them'),
  unless: z.array(setName).default([]).describe('No hit when a word of these sets is close by'),
  unlessBefore: z.array(setName).default([]).describe('No hit when a word of these sets comes shortly before'),
});

const sentence = z.string().min(1).max(400);
const fixture = z.union([sentence, z.strictObject({ text: sentence, language: z.string().optional() })]);

/** One file of templates/rules: what words of one language mean to one rule. */
export const rulePack = z.strictObject({
  $schema: z.string().optional(),
  rule: z.enum(RULES.map((r) => r.id) as [string, ...string[]]),
  language: z.string().describe('ISO 639-1 code, or "any" for words used in every language'),
  say: z.record(setName, z.array(term)).default({}).describe('Words that are a hit by themselves, by kind'),
  sets: z.record(setName, z.array(term)).default({}).describe('Words that count only together with others'),
  near: z.array(near).default([]).describe('Which sets make a hit together'),
  except: z.array(term).default([]).describe('Longer words inside which nothing of this rule is meant'),
  sayUnless: z.array(setName).default([]).describe('Hits by themselves do not count close to words of these sets'),
  sayUnlessBefore: z.array(setName).default([]).describe('Nor when a word of these sets comes shortly before'),
  trip: z.array(fixture).default([]).describe('Lines that break the rule'),
  pass: z.array(fixture).default([]).describe('Near misses that break no rule'),
});
export type RulePack = z.infer<typeof rulePack>;
export type NearRule = z.infer<typeof near>;
export type RulePacks = readonly RulePack[];

function readPack(file: string): RulePack {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new EngineError('E_ASSET_INVALID', {
      where: file,
      expected: 'a rule pack in JSON',
      found: String(cause),
      cause,
    });
  }
  const parsed = rulePack.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EngineError('E_ASSET_INVALID', {
    where: `${file}: ${issue.path.join('.')}`,
    expected: 'a rule pack',
    found: issue.message,
    todo: 'correct the file or remove it',
  });
}

/** The files of all packs under a folder, `<rule>/<language>.json`, in a fixed order. */
export function packFiles(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isDirectory()) continue;
    for (const file of readdirSync(join(folder, entry.name)).sort()) {
      if (file.endsWith('.json')) files.push(join(folder, entry.name, file));
    }
  }
  return files;
}

/**
 * All packs under a folder.
 * @throws EngineError E_ASSET_INVALID names the file and the field that is wrong.
 */
export function loadRulePacks(folder: string = templatePath('rules')): RulePacks {
  return readCheckedPacks(folder) ?? packFiles(folder).map(readPack);
}
