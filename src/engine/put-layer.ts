import { layer as layerSchema } from '../config/layer.js';
import { resolveLayer } from '../config/load-room.js';
import { EngineError } from '../core/errors.js';
import type { FrameIndex } from '../core/time.js';
import { layerTexts } from './layer-texts.js';
import { refuseTexts } from './refuse-texts.js';
import type { RoomParts } from './room-parts.js';

type PutLayerParts = Pick<RoomParts, 'room' | 'scene' | 'judge' | 'loop' | 'ledger'>;

/**
 * Judges, loads and shows a layer from the frame on that `soon` gives when it is ready. Throws E_LAYER_INVALID with the place of a fault, or
 * the error of what it may not show.
 */
export async function putLayer(
  { room, scene, judge, loop, ledger }: PutLayerParts,
  id: string,
  body: unknown,
  soon: () => FrameIndex,
): Promise<{ id: string; atFrame: number }> {
  const result = layerSchema.safeParse({ ...(typeof body === 'object' ? body : {}), id });
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new EngineError('E_LAYER_INVALID', {
      where: `layer "${id}"${issue.path.length > 0 ? `: ${issue.path.map(String).join('.')}` : ''}`,
      expected: issue.message.replace(/^Invalid input: expected /, ''),
      found: 'something else',
      todo: '`engine schema` has all layer types',
    });
  }
  const layer = resolveLayer(result.data, (ref) => new URL(ref, `file://${room.dir}/`).pathname);
  refuseTexts(judge, room, layerTexts(layer, `layer "${id}"`), (entry) => void ledger.append(entry));
  let atFrame = soon();
  loop.send({ type: 'scene', update: await scene.putLayer(layer, () => (atFrame = soon())) });
  return { id, atFrame };
}
