import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { packageRoot } from '../core/files/paths.js';
import type { FrameRate } from '../core/time.js';
import type { RoomConfig } from './room-config.js';
import type { RoomFile } from './room.js';
import type { Encoder } from './sections/encoder.js';
import { isProductPicture, type Layer } from './sections/layer.js';
import type { OutputConfig } from './sections/output.js';
import { CONSTANT_RATE, PLATFORMS } from './sections/platform.js';
import type { ExternalAvatar } from './sections/presenter.js';
import type { Product } from './sections/product.js';
import { LOCAL_PROVIDERS, type Voice } from './sections/voice.js';

/** The reverse of resolving a room: paths inside the room's folder are written relative to it. */
export const relativeIn =
  (dir: string) =>
  (path: string): string => {
    if (!isAbsolute(path)) return path;
    const short = relative(dir, path);
    // Other drives and far folders stay absolute.
    if (short === '' || isAbsolute(short) || short.startsWith(`..${sep}..${sep}..${sep}`)) return path;
    return short.split(sep).join('/');
  };

export function productAsWritten(product: Product, dir: string): Product {
  const one = relativeIn(dir);
  return {
    ...product,
    image: one(product.image),
    images: product.images.map(one),
    variants: product.variants.map(({ name, values }) => ({
      name,
      values: values.map((value) => (value.image === undefined ? value : { ...value, image: one(value.image) })),
    })),
  };
}

export function layerAsWritten(layer: Layer, dir: string): Layer {
  const one = relativeIn(dir);
  if (layer.type === 'image')
    return { ...layer, src: one(layer.src), ...(layer.night === undefined ? {} : { night: one(layer.night) }) };
  if (layer.type === 'sticker') return { ...layer, src: one(layer.src) };
  if (layer.type === 'media') return { ...layer, items: layer.items.map(one) };
  return layer;
}

/** Applies a JSON Merge Patch (RFC 7396): null removes a key, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface FittedEncoder {
  readonly encoder: Encoder;
  /** The settings that were lowered and for which output, in words. */
  readonly lowered: readonly string[];
}

/** All outputs share one encode, so the tightest limit among their platforms applies. */
export function fitEncoder(encoder: Encoder, outputs: readonly OutputConfig[]): FittedEncoder {
  const fitted = { ...encoder };
  const lowered: string[] = [];
  const asksForConstant = outputs.some((one) => one.kind === 'rtmp' && CONSTANT_RATE.has(one.platform));
  fitted.rateControl ??= asksForConstant ? 'cbr' : 'capped-crf';
  const lower = (key: 'videoKbps' | 'aacKbps' | 'keyframeIntervalMs', limit: number, whose: string): void => {
    const now = fitted[key];
    if (now === undefined || now <= limit) return;
    fitted[key] = limit;
    lowered.push(`encoder.${key}: ${now} is more than ${whose} takes; ${limit} is used`);
  };
  for (const output of outputs) {
    if (output.kind !== 'rtmp') continue;
    const preset = PLATFORMS[output.platform];
    const whose = `${output.platform} (output "${output.id}")`;
    lower('videoKbps', preset.maxVideoKbps, whose);
    lower('aacKbps', preset.maxAacKbps, whose);
    lower('keyframeIntervalMs', preset.maxGopMs, whose);
  }
  if (fitted.minVideoKbps !== undefined) fitted.minVideoKbps = Math.min(fitted.minVideoKbps, fitted.videoKbps);
  return { encoder: fitted, lowered };
}

/** Makes a reference absolute. References are plain paths: a name may contain spaces, `%20`, `#` and any script. */
export const absoluteIn =
  (dir: string) =>
  (ref: string): string =>
    isAbsolute(ref) ? ref : join(dir, ref);

/** A product with absolute paths of its pictures; data: URLs are kept. */
export function productFilesIn(folder: string, product: Product): Product {
  const within = absoluteIn(folder);
  const absolute = (src: string): string => (src.startsWith('data:') ? src : within(src));
  return {
    ...product,
    image: absolute(product.image),
    images: product.images.map(absolute),
    variants: product.variants.map(({ name, values }) => ({
      name,
      values: values.map((one) => (one.image === undefined ? one : { ...one, image: absolute(one.image) })),
    })),
  };
}

/** A room with absolute paths, its frame rate as a fraction, and an encoder that its platforms take. */
export function resolveRoom(file: RoomFile, path: string, cwd: string): RoomConfig {
  const dir = dirname(path);
  const absolute = absoluteIn(dir);
  const { $schema: _schema, ...rest } = file;
  const { encoder, lowered } = fitEncoder(file.encoder, file.outputs);
  const rate: FrameRate =
    typeof file.video.fps === 'number'
      ? { num: file.video.fps, den: 1 }
      : { num: Number(file.video.fps.split('/')[0]), den: 1001 };
  return {
    ...rest,
    encoder,
    encoderLowered: lowered,
    file: path,
    dir,
    rate,
    ledgerFile:
      file.compliance.ledger === undefined
        ? join(cwd, 'var', file.name, 'ledger.jsonl')
        : absolute(file.compliance.ledger),
    audio: { ...file.audio, music: file.audio.music && { ...file.audio.music, src: absolute(file.audio.music.src) } },
    presenter: {
      ...file.presenter,
      voice: voiceFilesIn(file.presenter.voice, absolute),
      pack: resolvePack(file.presenter.pack, absolute),
      external: file.presenter.external && avatarFilesIn(file.presenter.external, absolute),
    },
    assistant: file.assistant && {
      ...file.assistant,
      voice: voiceFilesIn(file.assistant.voice, absolute),
      ...(file.assistant.pack === undefined ? {} : { pack: resolvePack(file.assistant.pack, absolute) }),
    },
    control: { ...file.control, assetFolders: file.control.assetFolders.map(absolute) },
    cover: file.cover && { ...file.cover, src: absolute(file.cover.src) },
    products: file.products.map((p) => productFilesIn(dir, p)),
    layers: file.layers.map((l) => resolveLayer(l, absolute)),
    replies: {
      ...file.replies,
      rules: file.replies.rules.map((one) =>
        one.layer === undefined ? one : { ...one, layer: resolveLayer(one.layer, absolute) },
      ),
    },
    recogniser:
      file.recogniser?.kind === 'sherpa'
        ? { ...file.recogniser, folder: absolute(file.recogniser.folder) }
        : file.recogniser,
    outputs: file.outputs.map((o) => (o.kind === 'recording' ? { ...o, dir: absolute(o.dir) } : o)),
  };
}

/** The folder of a presenter: one of the package by name, or a path. */
export function resolvePack(pack: string, absolute: (ref: string) => string): string {
  const named = join(packageRoot(), 'templates', 'presenters', pack);
  return !pack.includes('/') && existsSync(named) ? named : absolute(pack);
}

const avatarFilesIn = (external: ExternalAvatar, absolute: (ref: string) => string): ExternalAvatar =>
  external.idleClip === undefined ? external : { ...external, idleClip: absolute(external.idleClip) };

/** A voice and its stand-ins with absolute paths of models. */
const voiceFilesIn = (voice: Voice, absolute: (ref: string) => string): Voice => ({
  ...localModel(voice, absolute),
  ...(voice.fallback === undefined ? {} : { fallback: voice.fallback.map((one) => localModel(one, absolute)) }),
});

/** A model of this machine is a file; any other is a name. */
const localModel = <V extends { provider?: string | undefined; model?: string | undefined }>(
  voice: V,
  absolute: (ref: string) => string,
): V =>
  voice.model !== undefined && (LOCAL_PROVIDERS as readonly (string | undefined)[]).includes(voice.provider)
    ? { ...voice, model: absolute(voice.model) }
    : voice;

/** Returns a layer with absolute file references; `product` and data: URLs are kept. */
export function resolveLayer(l: Layer, absolute: (ref: string) => string): Layer {
  const one = (src: string): string => (isProductPicture(src) || src.startsWith('data:') ? src : absolute(src));
  if (l.type === 'image') return { ...l, src: one(l.src), ...(l.night === undefined ? {} : { night: one(l.night) }) };
  if (l.type === 'sticker') return { ...l, src: one(l.src) };
  if (l.type === 'media') return { ...l, items: l.items.map(one) };
  return l;
}
