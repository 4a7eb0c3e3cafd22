/**
 * What a room of the studio may not ask for.
 *
 * Problem: a room file may name any file of the machine and open ports, which is right for whoever owns the machine, and
 * wrong for an editor with a browser.
 * Rule: files lie in the room's folder or in the package; outputs come from the studio's destinations; the engine listens
 * where the studio says and runs no program; webhooks reach public addresses only.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { RoomConfig } from '../../config/room-config.js';
import { isProductPicture } from '../../config/sections/layer.js';
import { EngineError } from '../../core/errors.js';
import { refuseAddresses } from './refuse-addresses.js';
import { SECRET_NAME } from './room-secrets.js';
import { packageRoot } from '../../core/files/paths.js';

type Layer = RoomConfig['layers'][number];

/** @throws EngineError E_ROOM_REFUSED with the first such wish */
export function refuseRoom(config: RoomConfig, folders: readonly string[]): void {
  const allowed = [config.dir, join(packageRoot(), 'templates'), ...folders].map(realOf);
  for (const [where, file] of filesOf(config)) {
    const real = realOf(file);
    if (!allowed.some((folder) => real === folder || real.startsWith(folder + sep)))
      throw refuse(where, 'a file of this room', 'a file elsewhere', 'upload it to the room’s media');
  }
  if (config.outputs.length > 0)
    throw refuse('outputs', 'no outputs in the room file', `${config.outputs.length}`, 'add them as destinations');
  if (config.control.liveTalking !== undefined)
    throw refuse('control.liveTalking', 'no further port', 'a LiveTalking port', 'start such a room with engine start');
  if (config.control.assetFolders.length > 0)
    throw refuse('control.assetFolders', 'only the room’s own folder', 'further folders');
  if (config.alerts.exec !== undefined)
    throw refuse(
      'alerts.exec',
      'no program of this machine',
      'one',
      'send alarms to a webhook, or start such a room with engine start',
    );
  const { control, alerts, replies, events, llm, presenter, assistant, recogniser } = config;
  for (const [section, value] of Object.entries({
    control,
    alerts,
    replies,
    events,
    llm,
    presenter,
    assistant,
    recogniser,
  }))
    refuseAddresses(value, section);
}

/** Placeholders would be filled from the studio's own environment. */
export function refusePlaceholders(text: string): void {
  const found = [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].find(([, name]) => !SECRET_NAME.test(name!))?.[0];
  if (found !== undefined)
    throw refuse(
      'the room file',
      "no placeholders but the room's own keys, such as ${ROOM_LLM_KEY}",
      found,
      'enter stream keys under destinations and the key of a model beside it',
    );
}

function* filesOf(config: RoomConfig): Generator<readonly [where: string, file: string]> {
  const { audio, presenter, assistant, cover, products, layers, replies, recogniser } = config;
  yield ['compliance.ledger', config.ledgerFile];
  if (audio.music !== undefined) yield ['audio.music.src', audio.music.src];
  yield ['presenter.pack', presenter.pack];
  if (presenter.external?.idleClip !== undefined) yield ['presenter.external.idleClip', presenter.external.idleClip];
  if (assistant?.pack !== undefined) yield ['assistant.pack', assistant.pack];
  for (const [role, voice] of [
    ['presenter', presenter.voice],
    ['assistant', assistant?.voice],
  ] as const) {
    for (const one of [voice, ...(voice?.fallback ?? [])]) {
      const model = (one as { model?: string } | undefined)?.model;
      if (model?.startsWith(sep) === true) yield [`${role}.voice.model`, model];
    }
  }
  if (cover !== undefined) yield ['cover.src', cover.src];
  for (const [i, product] of products.entries()) {
    yield* [product.image, ...product.images].map((file) => [`products[${i}].images`, file] as const);
    for (const { values } of product.variants)
      for (const { image } of values) if (image !== undefined) yield [`products[${i}].variants`, image];
  }
  for (const [i, layer] of layers.entries()) for (const file of layerFiles(layer)) yield [`layers[${i}]`, file];
  for (const [i, { layer }] of replies.rules.entries())
    if (layer !== undefined) for (const file of layerFiles(layer)) yield [`replies.rules[${i}].layer`, file];
  if (recogniser?.kind === 'sherpa') yield ['recogniser.folder', recogniser.folder];
}

function layerFiles(layer: Layer): string[] {
  const files =
    layer.type === 'image'
      ? [layer.src, layer.night]
      : layer.type === 'sticker'
        ? [layer.src]
        : layer.type === 'media'
          ? layer.items
          : [];
  return files.filter(
    (file): file is string => file !== undefined && !isProductPicture(file) && !file.startsWith('data:'),
  );
}

/** The path behind links; of a file that does not exist yet, by its nearest folder that does. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realOf(above), basename(path));
  }
}

const refuse = (where: string, expected: string, found: string, todo?: string): EngineError =>
  new EngineError('E_ROOM_REFUSED', { where, expected, found, ...(todo === undefined ? {} : { todo }) });
