import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../../core/files/replace-file.js';

/**
 * Characters sent to paid voices, by day (UTC) and voice. The file survives a restart, so a cap cannot be passed by a
 * room that starts again and again. Characters are code points, as most services count them.
 */
export class CharacterCount {
  private day = '';
  private today: Record<string, number> = {};
  private readonly totals = new Map<string, number>();
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: string | undefined,
    private readonly nowMs: () => number,
  ) {}

  /** Reads the day's counts; a missing or damaged file begins at 0. */
  async open(): Promise<void> {
    if (this.file === undefined) return;
    try {
      const saved = JSON.parse(await readFile(this.file, 'utf8')) as { day?: unknown; characters?: unknown };
      if (typeof saved.day !== 'string' || typeof saved.characters !== 'object' || saved.characters === null) return;
      this.day = saved.day;
      for (const [voice, count] of Object.entries(saved.characters))
        if (typeof count === 'number' && count >= 0) this.today[voice] = (this.today[voice] ?? 0) + count;
    } catch {
      return;
    }
  }

  todayOf(voice: string): number {
    this.turn();
    return this.today[voice] ?? 0;
  }

  totalOf(voice: string): number {
    return this.totals.get(voice) ?? 0;
  }

  /** A negative count gives characters back that were never spoken. */
  add(voice: string, characters: number): void {
    this.turn();
    this.today[voice] = Math.max(0, (this.today[voice] ?? 0) + characters);
    this.totals.set(voice, Math.max(0, this.totalOf(voice) + characters));
    this.saving = this.saving.then(() => this.save()).catch(() => undefined); // counted in memory all the same
  }

  /** Resolves when all counts are on disk. */
  async close(): Promise<void> {
    await this.saving;
  }

  private turn(): void {
    const day = new Date(this.nowMs()).toISOString().slice(0, 10);
    if (day === this.day) return;
    this.day = day;
    this.today = {};
  }

  private async save(): Promise<void> {
    if (this.file === undefined) return;
    await mkdir(dirname(this.file), { recursive: true });
    await replaceFile(this.file, `${JSON.stringify({ day: this.day, characters: this.today })}\n`);
  }
}
