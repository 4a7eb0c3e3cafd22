import { createQuery, type CreateQueryResult } from '@tanstack/svelte-query';
import { call, roomUrl } from '../api/client';
import { ApiError } from '../api/error';
import type { Person, RoomFile, Saved } from '../api/types';
import { changed, type FileChange } from './file-change';
import { queries } from './session';

export interface Conflict {
  readonly savedBy: Person;
  readonly conflicts: readonly {
    readonly path: string;
    readonly base: unknown;
    readonly theirs: unknown;
    readonly mine: unknown;
  }[];
}

export interface ChangeOptions {
  /** Also where somebody else has changed the same place. */
  readonly force?: boolean;
  /** Version that the person has seen; by default the newest. */
  readonly base?: number | undefined;
}

/** The room's file as it was last read, and changes to it that lose nobody's work. */
export class OpenFile {
  readonly query: CreateQueryResult<RoomFile>;
  isSaving = $state(false);
  savedAt: Date | null = $state.raw(null);
  error: unknown = $state.raw(null);
  /** Somebody changed the same place meanwhile: a person chooses. */
  conflict: (Conflict & { readonly changes: readonly FileChange[]; readonly base: number }) | null = $state.raw(null);
  private readonly key: readonly [string, string];
  private queue: Promise<unknown> = Promise.resolve();

  constructor(readonly room: string) {
    this.key = ['room-file', room];
    this.query = createQuery(() => ({
      queryKey: this.key,
      queryFn: () => call<RoomFile>('GET', roomUrl(room, '/file')),
      refetchInterval: 4000,
    }));
  }

  refresh(): Promise<void> {
    return queries.invalidateQueries({ queryKey: this.key });
  }

  /** One after the other, each on the version before it. */
  change(changes: readonly FileChange[], options: ChangeOptions = {}): Promise<boolean> {
    const next = this.queue.then(() => this.send(changes, options));
    this.queue = next;
    return next;
  }

  /** The version that is shown now: a person who begins to type has read this one. */
  get version(): number | undefined {
    return queries.getQueryData<RoomFile>(this.key)?.version;
  }

  private async send(changes: readonly FileChange[], options: ChangeOptions): Promise<boolean> {
    const file = queries.getQueryData<RoomFile>(this.key);
    if (file === undefined) return false;
    const { base = file.version, force = false } = options;
    this.isSaving = true;
    this.error = null;
    // What was read before this change must not come back over it.
    await queries.cancelQueries({ queryKey: this.key });
    queries.setQueryData<RoomFile>(this.key, { ...file, room: changed(file.room, changes) });
    try {
      const saved = await call<Saved>('PATCH', roomUrl(this.room, '/file'), {
        body: { base, changes, ...(force ? { force } : {}) },
      });
      const now = queries.getQueryData<RoomFile>(this.key);
      if (now !== undefined)
        queries.setQueryData<RoomFile>(this.key, { ...now, version: saved.version, etag: saved.etag });
      this.savedAt = new Date();
      this.conflict = null;
      void queries.invalidateQueries({ queryKey: ['rooms'] });
      // Others may have changed other places: the whole comes again.
      if (saved.version !== file.version + 1) await this.refresh();
      return true;
    } catch (refused) {
      queries.setQueryData<RoomFile>(this.key, file);
      if (refused instanceof ApiError && refused.body.code === 'E_ROOM_CHANGED' && refused.body.details !== undefined) {
        this.conflict = { ...(refused.body.details as unknown as Conflict), changes, base };
      } else this.error = refused;
      await this.refresh();
      return false;
    } finally {
      this.isSaving = false;
    }
  }
}
