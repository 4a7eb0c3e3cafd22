import { statSync } from 'node:fs';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';
import { readRegularFileSync } from '../../core/files/regular-file.js';
import { packFiles, readCheckedPacks } from './checked-packs.js';
import { rulePack, type RulePack, type RulePacks } from './rule-table.js';

export { rulePack, type NearRule, type RulePack, type RulePacks } from './rule-table.js';

const MAX_PACK_BYTES = 16 * 1024 * 1024;

export function readPack(file: string): RulePack {
  let json: unknown;
  try {
    json = JSON.parse(readRegularFileSync(file, MAX_PACK_BYTES).toString('utf8'));
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
  const issue = parsed.error.issues[0]!;
  throw new EngineError('E_ASSET_INVALID', {
    where: `${file}: ${issue.path.join('.')}`,
    expected: 'a rule pack',
    found: issue.message,
    todo: 'correct the file or remove it',
  });
}

/**
 * All packs under a folder.
 * @throws EngineError E_ASSET_INVALID names the file and the faulty field.
 */
export function loadRulePacks(folder: string = templatePath('rules')): RulePacks {
  const state = stateOf(folder);
  const known = last?.state === state ? last.packs.deref() : undefined;
  if (known !== undefined) return known;
  const packs = readCheckedPacks(folder) ?? packFiles(folder).map(readPack);
  last = { state, packs: new WeakRef(packs) };
  return packs;
}

/** The packs read last, while somebody uses them: a judge on air needs them at its start only. */
let last: { readonly state: string; readonly packs: WeakRef<RulePacks> } | undefined;

/** Changes with any file of a folder of packs. */
function stateOf(folder: string): string {
  const files = packFiles(folder).map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return [folder, ...files].join('\n');
}
