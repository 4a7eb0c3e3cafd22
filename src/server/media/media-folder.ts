/** Files that people have uploaded to a room: a folder beside its room file, named by them. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { EngineError } from '../../core/errors.js';
import type { MediumKind } from '../work/media-task.js';

export interface Medium {
  /** Its name in the folder. */
  readonly id: string;
  readonly name: string;
  readonly kind: MediumKind;
  readonly bytes: number;
  /** The path that the room file names. */
  readonly src: string;
  /** Address of a small picture; null for a clip and a sound. */
  readonly picture: string | null;
}

const FOLDER = 'media';
const SOUNDS = new Set(['.mp3', '.m4a', '.aac', '.ogg', '.oga', '.opus', '.wav', '.flac']);
const CLIPS = new Set(['.mp4', '.m4v', '.mov', '.webm', '.mkv']);

/** Letters and digits of every script stay; all else is a dash. */
function safeName(name: string): string {
  const ending = extname(basename(name)).toLowerCase();
  const stem = basename(name, extname(name))
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${stem === '' ? 'file' : stem}${/^\.[a-z0-9]{1,5}$/.test(ending) ? ending : ''}`;
}

export class MediaFolder {
  constructor(
    /** The room's folder. */
    private readonly room: string,
    private readonly roomId: string,
  ) {}

  async list(): Promise<Medium[]> {
    const names = await readdir(this.folder).catch(() => [] as string[]);
    const media = await Promise.all(names.sort().map((name) => this.medium(name)));
    return media.filter((one) => one !== undefined);
  }

  /** Moves an admitted file in; one of the same name stays. */
  async take(path: string, wanted: string): Promise<Medium> {
    await mkdir(this.folder, { recursive: true });
    const name = this.freeName(safeName(wanted));
    await rename(path, join(this.folder, name));
    return (await this.medium(name))!;
  }

  /** Throws E_NOT_FOUND. */
  async remove(id: string): Promise<void> {
    await this.known(id);
    await rm(join(this.folder, id));
  }

  /** The path of a file. Throws E_NOT_FOUND. */
  async known(id: string): Promise<string> {
    const found = (await this.list()).find((one) => one.id === id);
    if (found !== undefined) return join(this.folder, found.id);
    throw new EngineError('E_NOT_FOUND', {
      where: `file ${id.slice(0, 80)}`,
      expected: 'an uploaded file of this room',
      found: 'none of that name',
    });
  }

  private get folder(): string {
    return join(this.room, FOLDER);
  }

  private async medium(name: string): Promise<Medium | undefined> {
    const about = await stat(join(this.folder, name)).catch(() => undefined);
    if (about?.isFile() !== true) return undefined;
    const ending = extname(name).toLowerCase();
    const kind = SOUNDS.has(ending) ? 'sound' : CLIPS.has(ending) ? 'clip' : 'picture';
    const src = `${FOLDER}/${name}`;
    const picture = kind === 'picture' ? `/api/rooms/${this.roomId}/files/${FOLDER}/${encodeURIComponent(name)}` : null;
    return { id: name, name, kind, bytes: about.size, src, picture };
  }

  private freeName(wanted: string): string {
    const ending = extname(wanted);
    const stem = basename(wanted, ending);
    let name = wanted;
    for (let n = 2; existsSync(join(this.folder, name)); n += 1) name = `${stem}-${n}${ending}`;
    return name;
  }
}
