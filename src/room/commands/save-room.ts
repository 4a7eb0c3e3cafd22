import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { JSONPath } from 'jsonc-parser';
import { setJson } from '../../config/json-text.js';
import { parseRoom } from '../../config/load-room.js';
import { layerAsWritten, productAsWritten, relativeIn } from '../../config/resolve-room.js';
import type { RoomConfig } from '../../config/room-config.js';
import { layer as layerSchema, type Layer } from '../../config/sections/layer.js';
import { product as productSchema, type Product } from '../../config/sections/product.js';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { SaveResult } from '../../config/api/desk-handle.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import { replies as repliesSchema, replyRule as replyRuleSchema } from '../../config/sections/replies.js';
import type { z } from 'zod';

export interface RoomSaverParts {
  /** The room as it is now. */
  readonly room: RoomConfig;
  /** Layers that were put or removed; undefined for a removed one. */
  readonly layers: () => ReadonlyMap<string, Layer | undefined>;
  /** A further section that changes on air, as the room file has it; undefined while it is as it was loaded. */
  readonly script?: () => unknown;
}

type SavedSections = Pick<RoomConfig, 'products' | 'layers' | 'audio' | 'presenter' | 'assistant' | 'replies' | 'llm'>;
type Record_ = Readonly<Record<string, unknown>>;

/** A value without the keys that its schema fills in by itself. */
export function withoutDefaults(schema: z.ZodType, value: object): Readonly<Record<string, unknown>> {
  let bare: Record<string, unknown> = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
  for (const key of Object.keys(bare)) {
    const { [key]: _dropped, ...rest } = bare;
    const parsed = schema.safeParse(rest);
    if (parsed.success && isDeepStrictEqual(clean(parsed.data), clean(value))) bare = rest;
  }
  return bare;
}

/** Without undefined keys, since they equal absent ones. */
const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/**
 * Writes the live state of a room back to its file.
 *
 * Problem: people keep room files in order by hand, edit them while the room is on air, and a half-written file would
 * keep the next start off air.
 * Rule: only values that changed on air are edited in the text; the result must load; the old text is kept beside it,
 * and the file is replaced at once. A file that somebody has changed since is refused unless forced; then the same
 * edits go into the changed file.
 */
export class RoomSaver {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'POST /api/room/save' });
  /** The live state that the file has. */
  private base: SavedSections;
  private hash: string | undefined;

  constructor(private readonly parts: RoomSaverParts) {
    const { products, layers, audio, presenter, assistant, replies, llm, file } = parts.room;
    this.base = { products, layers, audio, presenter, replies, llm, ...(assistant === undefined ? {} : { assistant }) };
    try {
      this.hash = hashOf(readFileSync(file, 'utf8'));
    } catch {
      this.hash = undefined; // a room that was never a file cannot be saved without force
    }
  }

  save({ force = false }: { readonly force?: boolean | undefined } = {}): Promise<SaveResult> {
    return this.turns.take(async (late) => {
      const { file } = this.parts.room;
      const before = await this.read();
      if (!force && hashOf(before) !== this.hash) throw changedMeanwhile(file);
      const pictures = new Map<string, Buffer>();
      // Edits that come while the files are written belong to the next save.
      const now = this.now();
      const { text, changed } = this.edit(before, now, pictures);
      if (text === before) return { file: basename(file), backup: null, changed: [] };
      parseRoom(text, file, { withoutKeys: true });
      const mode = (await stat(file)).mode & 0o777;
      for (const [path, bytes] of pictures) {
        await mkdir(join(path, '..'), { recursive: true });
        await replaceFile(path, bytes, { mode: 0o644 });
      }
      pointOfNoReturn(late);
      await replaceFile(`${file}.bak`, before, { mode });
      await replaceFile(file, text, { mode });
      this.hash = hashOf(text);
      this.base = now;
      return { file: basename(file), backup: `${basename(file)}.bak`, changed };
    });
  }

  private async read(): Promise<string> {
    const { file } = this.parts.room;
    try {
      return await readFile(file, 'utf8');
    } catch (cause) {
      throw new EngineError('E_ROOM_JSON', {
        where: file,
        expected: 'the room file that the show was started from',
        found: (cause as NodeJS.ErrnoException).code ?? String(cause),
        cause,
      });
    }
  }

  private now(): SavedSections {
    const { products, audio, presenter, assistant, replies, llm } = this.parts.room;
    const edited = this.parts.layers();
    const layers = this.base.layers.flatMap((one) => {
      const layer = edited.has(one.id) ? edited.get(one.id) : one;
      return layer === undefined ? [] : [layer];
    });
    const added = [...edited.values()].filter(
      (layer): layer is Layer => layer !== undefined && !this.base.layers.some(({ id }) => id === layer.id),
    );
    return {
      products,
      layers: [...layers, ...added],
      audio,
      presenter,
      replies,
      llm,
      ...(assistant === undefined ? {} : { assistant }),
    };
  }

  /** The file's text with the live state, and the changed sections. */
  private edit(
    before: string,
    now: RoomSaver['base'],
    pictures: Map<string, Buffer>,
  ): { text: string; changed: string[] } {
    const { dir } = this.parts.room;
    const { base } = this;
    const relative = relativeIn(dir);
    const packName = (pack: string): string =>
      dirname(pack) === templatePath('presenters') ? basename(pack) : relative(pack);
    const changed: string[] = [];
    let text = before;
    const section = (name: string, edit: (text: string) => string): void => {
      const edited = edit(text);
      if (edited !== text) changed.push(name);
      text = edited;
    };
    section('products', (t) =>
      editList(t, 'products', base.products, now.products, {
        write: (p) => productAsWritten(this.withPicture(p, pictures), dir),
        bare: (p) => withoutDefaults(productSchema, p),
      }),
    );
    section('layers', (t) =>
      editList(t, 'layers', base.layers, now.layers, {
        write: (l) => layerAsWritten(l, dir),
        bare: (l) => withoutDefaults(layerSchema, l),
      }),
    );
    section('audio', (t) => {
      const written = ({ music, ...rest }: RoomConfig['audio']): Record_ => ({
        ...rest,
        ...(music === undefined ? {} : { music: { ...music, src: relative(music.src) } }),
      });
      return editKeys(t, ['audio'], written(base.audio), written(now.audio));
    });
    section('presenter', (t) => {
      const { pack, look, voice } = now.presenter;
      if (JSON.stringify(base.presenter) === JSON.stringify(now.presenter)) return t;
      // A presenter written as its name alone becomes an object.
      const written = (JSON.parse(t.replace(/^\uFEFF/, '')) as { presenter: unknown }).presenter;
      let text = typeof written === 'string' ? setJson(t, ['presenter'], { pack: written }) : t;
      if (base.presenter.pack !== pack) text = setJson(text, ['presenter', 'pack'], packName(pack));
      if (JSON.stringify(base.presenter.look) !== JSON.stringify(look))
        text = setJson(text, ['presenter', 'look'], look);
      return editKeys(text, ['presenter', 'voice'], base.presenter.voice, voice);
    });
    section('assistant', (t) => {
      const { assistant } = now;
      if (base.assistant === undefined || assistant === undefined) return t;
      const written = ({ pack, look, voice }: NonNullable<RoomConfig['assistant']>): Record_ => ({
        ...(pack === undefined ? {} : { pack: packName(pack) }),
        ...(look === undefined ? {} : { look }),
        voice,
      });
      return editKeys(t, ['assistant'], written(base.assistant), written(assistant));
    });
    section('replies', (t) => {
      if (base.replies === now.replies) return t;
      const bare = (replies: RoomConfig['replies']): Record_ =>
        withoutDefaults(repliesSchema, {
          ...replies,
          rules: replies.rules.map((rule) => ({
            ...withoutDefaults(replyRuleSchema, rule),
            ...(rule.layer === undefined
              ? {}
              : { layer: withoutDefaults(layerSchema, layerAsWritten(rule.layer, dir)) }),
          })),
        });
      return editKeys(t, ['replies'], bare(base.replies), bare(now.replies));
    });
    section('llm', (t) => {
      if (base.llm === now.llm) return t;
      if (base.llm === undefined || now.llm === undefined) return setJson(t, ['llm'], now.llm);
      return editKeys(t, ['llm'], base.llm, now.llm);
    });
    const script = this.parts.script?.();
    if (script !== undefined)
      section('script', (t) => {
        const { script: old } = JSON.parse(t.replace(/^\uFEFF/, '')) as { script: Record_ };
        // Keys that cannot be edited on air stay as they are.
        return editKeys(t, ['script'], old, { ...old, ...(script as Record_) });
      });
    return { text, changed };
  }

  /** A picture that came as a data: URL becomes a file beside the room. */
  private withPicture(product: Product, pictures: Map<string, Buffer>): Product {
    const match = /^data:image\/([a-z+]+);base64,(.*)$/s.exec(product.image);
    if (match === null) return product;
    const ending = match[1]!.replace('svg+xml', 'svg').replace('jpeg', 'jpg');
    const bytes = Buffer.from(match[2]!, 'base64');
    // Its name comes from its content: undo and the file kept beside still name the picture before it.
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const path = join(this.parts.room.dir, 'products', product.id, `${name}.${ending}`);
    pictures.set(path, bytes);
    return { ...product, image: path };
  }
}

/** Edits a list of the file whose entries have ids, entry by entry and key by key. */
function editList<T extends { readonly id: string }>(
  before: string,
  key: string,
  base: readonly T[],
  now: readonly T[],
  { write, bare }: { write: (one: T) => T; bare: (one: T) => Record_ },
): string {
  let text = before;
  const places = (): string[] =>
    ((JSON.parse(text.replace(/^\uFEFF/, '')) as Record<string, { id: string }[]>)[key] ?? []).map(({ id }) => id);
  for (const { id } of base) {
    if (now.some((one) => one.id === id)) continue;
    const at = places().indexOf(id);
    if (at >= 0) text = setJson(text, [key, at], undefined);
  }
  for (const one of now) {
    const old = base.find(({ id }) => id === one.id);
    if (old !== undefined && isDeepStrictEqual(old, one)) continue;
    const at = places().indexOf(one.id);
    if (at >= 0 && old !== undefined) text = editKeys(text, [key, at], write(old), write(one));
    else if (at >= 0) text = setJson(text, [key, at], bare(write(one)));
    else if (places().length === 0) text = setJson(text, [key], [bare(write(one))]);
    else text = setJson(text, [key, -1], bare(write(one)), true);
  }
  return text;
}

const isRecord = (value: unknown): value is Record_ =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets the keys that differ, at any depth. */
function editKeys(before: string, path: JSONPath, base: Record_, now: Record_): string {
  let text = before;
  for (const key of new Set([...Object.keys(base), ...Object.keys(now)])) {
    const [old, value] = [base[key], now[key]];
    if (isDeepStrictEqual(old, value)) continue;
    text =
      isRecord(old) && isRecord(value)
        ? editKeys(text, [...path, key], old, value)
        : setJson(text, [...path, key], value);
  }
  return text;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const changedMeanwhile = (file: string): EngineError =>
  new EngineError('E_ROOM_CHANGED', {
    where: file,
    expected: 'the room file as the engine read it',
    found: 'another content',
    todo: 'send {"force": true} to write the live changes into the changed file',
  });
