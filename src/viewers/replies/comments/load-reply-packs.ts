import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../core/errors.js';
import { templatePath } from '../../../core/files/paths.js';
import { replyPack, type ReplyPack } from './reply-pack-schema.js';

export type ReplyPacks = ReadonlyMap<string, ReplyPack>;

let own: ReplyPacks | undefined;

/** The project's reply packs by language, read once. */
export function replyPacks(): ReplyPacks {
  own ??= readReplyPacks(templatePath('replies'));
  return own;
}

/** Throws E_ASSET_INVALID for a file that is not a reply pack. */
function readReplyPacks(folder: string): ReplyPacks {
  const packs = new Map<string, ReplyPack>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith('.json')) continue;
    const path = join(folder, name);
    const result = replyPack.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (!result.success) {
      const [issue] = result.error.issues;
      throw new EngineError('E_ASSET_INVALID', {
        where: `${path}: ${issue!.path.join('.')}`,
        expected: 'a reply pack',
        found: issue!.message,
        todo: 'templates/replies/README.md describes a pack',
      });
    }
    packs.set(result.data.language, result.data);
  }
  return packs;
}
