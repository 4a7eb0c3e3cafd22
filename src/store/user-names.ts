import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '../config/room.js';
import type { Database } from './database.js';

/** How a viewer's name is stored. The salt is this store's own, so hashes of two rooms cannot be compared. */
export type NameOf = (platform: string, user: string) => string | null;

export function namesAs(mode: Store['userNames'], db: Database): NameOf {
  if (mode === 'none') return () => null;
  if (mode === 'plain') return (_platform, user) => (user === '' ? null : user);
  const salt = saltOf(db);
  return (platform, user) =>
    user === '' ? null : createHash('sha256').update(`${salt}\n${platform}\n${user}`).digest('base64url').slice(0, 22);
}

function saltOf(db: Database): string {
  db.prepare("INSERT OR IGNORE INTO setting (name, value) VALUES ('salt', ?)").run(randomBytes(16).toString('base64'));
  return (db.prepare("SELECT value FROM setting WHERE name = 'salt'").get() as { value: string }).value;
}
