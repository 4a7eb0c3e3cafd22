import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';
import { sentencePlan, type SentencePlan } from './plan-schema.js';

export type SentencePlans = ReadonlyMap<string, SentencePlan>;

let own: SentencePlans | undefined;

/** The project's sentence plans by language, read once. */
export function sentencePlans(): SentencePlans {
  own ??= readPlans(templatePath('writer'));
  return own;
}

/** Throws E_ASSET_INVALID for a file that is not a sentence plan. */
export function readPlans(folder: string): SentencePlans {
  const plans = new Map<string, SentencePlan>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const result = sentencePlan.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new EngineError('E_ASSET_INVALID', {
        where: `${path}: ${issue!.path.join('.')}`,
        expected: 'a sentence plan',
        found: issue!.message,
        todo: 'see templates/writer/README.md for the fields of a plan',
      });
    }
    plans.set(result.data.language, result.data);
  }
  return plans;
}
