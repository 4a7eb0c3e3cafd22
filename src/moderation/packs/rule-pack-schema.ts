import { z } from 'zod';
import { rulePack } from './rule-pack.js';

/** A rule pack's JSON Schema (draft 2020-12) for authors: keys with defaults are optional. */
export function rulePackSchema(): Record<string, unknown> {
  return {
    $id: 'rule-pack.schema.json',
    title: 'Showroom rule pack',
    ...z.toJSONSchema(rulePack, { io: 'input', target: 'draft-2020-12' }),
  };
}
