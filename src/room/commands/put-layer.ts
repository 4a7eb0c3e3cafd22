import { layer as layerSchema, type Layer } from '../../config/sections/layer.js';
import type { RoomConfig } from '../../config/room-config.js';
import { resolveLayer, absoluteIn } from '../../config/resolve-room.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';
import { pointOfNoReturn } from '../../core/serial-queue.js';
import type { FrameIndex } from '../../core/time.js';
import type { LedgerEntry } from '../../core/verdict.js';
import { listenTo } from '../../show/show-command.js';
import { refuseFilesElsewhere } from '../../admission/asset-folders.js';
import { type RemovedTexts, togetherHits } from '../../admission/texts/shown-together.js';
import { composedTexts, layerTexts, type ShownText } from '../../admission/texts/layer-texts.js';
import { refuseTexts, refuseTogether } from '../../admission/texts/refuse-texts.js';
import type { RoomParts } from '../room-parts.js';

export type PutLayerParts = Pick<RoomParts, 'room' | 'scene' | 'judge' | 'loop' | 'ledger'>;

/**
 * Judges, loads and shows a layer, from the frame that `soon` returns once it is ready. Throws E_LAYER_INVALID with
 * the location of the fault, or the error of a refused text or picture. It is judged together with the other layers
 * before it is drawn, which may take seconds, and again before it is shown, so that two layers added at once cannot
 * complete each other's text.
 */
export async function putLayer(
  { room, scene, judge, loop, ledger }: PutLayerParts,
  removed: Pick<RemovedTexts, 'add' | 'hits'>,
  id: string,
  body: unknown,
  soon: () => FrameIndex,
  late?: AbortSignal,
  options: { readonly cut?: boolean } = {},
): Promise<{ id: string; atFrame: number }> {
  const layer = checkedLayer(room, id, body);
  refuseEnded(layer);
  await refuseFilesElsewhere(room, layer);
  const note = (entry: LedgerEntry): void => void ledger.append(entry);
  const texts = [...layerTexts(layer, `layer "${id}"`), ...composedTexts(layer, `layer "${id}"`, room)];
  refuseTexts(judge, room, texts, note);
  let replaced: ShownText[] = [];
  const refuseBeside = (): void => {
    const old = scene.layer(id);
    replaced = old === undefined ? [] : layerTexts(old, `layer "${id}"`);
    refuseTogether(togetherHits(judge, room, scene.layersWith(layer)), note);
    refuseTogether(removed.hits(texts, room.language, replaced), note);
  };
  refuseBeside();
  let atFrame = soon();
  // Other layers may have been added or removed while it was drawn.
  const when = (): FrameIndex => {
    refuseBeside();
    pointOfNoReturn(late);
    return (atFrame = soon());
  };
  loop.send({ type: 'scene', update: await scene.putLayer(layer, when, options) });
  const listen = listenTo(layer, atFrame, room.rate);
  if (listen !== undefined) loop.send(listen);
  removed.add(replaced);
  return { id, atFrame };
}

/** A layer of the schema with absolute paths. Throws E_LAYER_INVALID with the location of the fault. */
export function checkedLayer({ dir }: Pick<RoomConfig, 'dir'>, id: string, body: unknown): Layer {
  const raw = { ...(typeof body === 'object' ? body : {}), id };
  const result = layerSchema.safeParse(raw);
  if (result.success) return resolveLayer(result.data, absoluteIn(dir));
  const { where, expected, found, todo } = valueFault(result.error.issues[0]!, raw, layerSchema);
  throw new EngineError('E_LAYER_INVALID', {
    where: `layer "${id}"${where === '' ? '' : `: ${where}`}`,
    expected,
    found,
    todo: todo ?? '`engine schema` lists all layer types',
  });
}

/** An offer that is over already cannot be counted down to. */
function refuseEnded(layer: Layer): void {
  if (layer.type !== 'countdown' || layer.endsAt === undefined || Date.parse(layer.endsAt) > Date.now()) return;
  throw new EngineError('E_LAYER_INVALID', {
    where: `layer "${layer.id}": endsAt`,
    expected: 'a time to come',
    found: layer.endsAt,
    todo: 'check the time zone, or remove the layer',
  });
}
