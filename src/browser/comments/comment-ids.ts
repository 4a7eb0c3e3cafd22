import type { ShownComment } from './new-comments.js';

/** Two tabs that read one page within this time give a comment the same id. */
const BUCKET_MS = 10 * 60_000;
const MAX_COUNTED = 2000;

/** Ids that stay the same when a comment is read twice: a hash of site, sender, words, how many times, and when. */
export class CommentIds {
  private readonly counts = new Map<string, number>();

  constructor(private readonly site: string) {}

  async idOf({ user, text }: ShownComment, nowMs: number): Promise<string> {
    const key = `${this.site}\n${user}\n${text}\n${Math.floor(nowMs / BUCKET_MS)}`;
    const nth = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, nth);
    if (this.counts.size > MAX_COUNTED) this.counts.delete(this.counts.keys().next().value!);
    const bytes = new TextEncoder().encode(`${key}\n${nth}`);
    // Pages without TLS have no digest; their ids are weaker, and comments are no secret.
    if (globalThis.crypto?.subtle === undefined) return `w${weakHash(`${key}\n${nth}`)}`;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** FNV-1a, twice, from both ends. */
function weakHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i += 1) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(text.length - 1 - i), 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
