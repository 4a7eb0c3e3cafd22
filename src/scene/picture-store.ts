import { createHash } from 'node:crypto';
import type { DrawPicture, LoadedPicture, PictureRequest } from './assets/load-picture.js';
import { assetName } from './assets/read-asset.js';
import type { Raster } from './raster.js';

/** Judges a picture before it may be shown. `texts`: its text elements, which need no OCR. */
export interface Candidate {
  where: string;
  rgba: Uint8Array;
  width: number;
  height: number;
  texts?: readonly string[];
}

/** The hard scan of a picture before it may be shown; throws E_ASSET_REFUSED. */
export type Admit = (picture: Candidate) => Promise<void>;

/** Maximum bytes of cached decoded pictures. */
const KEEP_BYTES = 4 * 1024 * 1024;
/** Maximum number of remembered judged pictures; the hard scan costs a hundred times as much as loading. */
const KNOWN_CLEAN = 1000;

/**
 * Loads pictures, has each judged as it will be shown, and remembers the last ones by size and file. An evicted picture
 * is loaded again when needed, but judged again only when its pixels differ.
 */
export class PictureStore {
  private readonly kept = new Map<string, LoadedPicture>();
  private readonly clean = new Set<string>();
  private bytes = 0;

  constructor(
    private readonly draw: DrawPicture,
    private readonly admit: Admit,
  ) {}

  async load(request: PictureRequest, draw = this.draw): Promise<LoadedPicture> {
    const { src, width, height, fit, radius } = request;
    const key = `${width} ${height} ${fit} ${radius} ${src}`;
    const known = this.kept.get(key);
    if (known !== undefined) {
      // Most recently used last.
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const picture = await draw(request);
    await this.judgeOnce(`${request.where}: ${assetName(src)}`, picture.raster, picture.texts);
    this.kept.set(key, picture);
    this.bytes += picture.raster.rgba.byteLength;
    for (const [oldest, old] of this.kept) {
      if (this.bytes <= KEEP_BYTES || oldest === key) break;
      this.kept.delete(oldest);
      this.bytes -= old.raster.rgba.byteLength;
    }
    return picture;
  }

  async judge(where: string, { rgba, width, height }: Raster, texts: readonly string[] = []): Promise<void> {
    await this.admit({ where, rgba, width, height, ...(texts.length === 0 ? {} : { texts }) });
  }

  /** As `judge`; pixels that were judged before are known. */
  async judgeOnce(where: string, raster: Raster, texts: readonly string[]): Promise<void> {
    const hash = createHash('sha256').update(raster.rgba).update(JSON.stringify(texts));
    const pixels = `${raster.width} ${hash.digest('base64')}`;
    if (this.clean.has(pixels)) return;
    await this.judge(where, raster, texts);
    if (this.clean.size >= KNOWN_CLEAN) this.clean.clear();
    this.clean.add(pixels);
  }
}
