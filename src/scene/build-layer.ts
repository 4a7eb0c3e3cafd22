import { isHidden, turnOf, type Layer } from '../config/sections/layer.js';
import { EngineError } from '../core/errors.js';
import { namesProduct } from './fill-template.js';
import { buildAnnouncement } from './layers/announcement-layer.js';
import { buildAttributes } from './layers/attributes-layer.js';
import { buildBubble } from './layers/bubble-layer.js';
import { faceOf, type BuildContext, type BuiltLayer } from './layers/build-context.js';
import { buildCard } from './layers/card-layer.js';
import { buildCountdown } from './layers/countdown-layer.js';
import { buildCoupon } from './layers/coupon-layer.js';
import { buildLabel } from './layers/label-layer.js';
import { buildLadder } from './layers/ladder-layer.js';
import { buildMedia, buildPicture } from './layers/picture-layer.js';
import { buildQuestion } from './layers/question-layer.js';
import { buildShape } from './layers/shape-layer.js';
import { buildText } from './layers/text-layer.js';
import { buildTicker } from './layers/ticker-layer.js';
import { turnedLayer } from './layers/turned-layer.js';
import { personBox } from './stage-boxes.js';
import { Undrawable } from './raster.js';

/** True when the layer looks different, or is absent, with another product. */
export function dependsOnProduct(layer: Layer): boolean {
  if (layer.type === 'label' || layer.type === 'presenter' || layer.type === 'assistant') return false;
  if (layer.product !== undefined) return true;
  if (layer.type === 'card' || layer.type === 'ladder' || layer.type === 'attributes') return true;
  if (layer.type === 'image') return layer.src === 'product';
  if (layer.type === 'text' || layer.type === 'bubble' || layer.type === 'announcement')
    return namesProduct(layer.text);
  if (layer.type === 'countdown') return [layer.title, layer.offer, layer.ended].some((t) => t && namesProduct(t));
  if (layer.type === 'coupon') return [layer.condition, layer.how].some((t) => t && namesProduct(t));
  return layer.type === 'ticker' && layer.items.some(namesProduct);
}

/**
 * Draws a layer; undefined when there is nothing to show now. Captions come with their cues. Throws E_LAYER_INVALID.
 */
export async function buildLayer(layer: Layer, c: BuildContext, where: string): Promise<BuiltLayer | undefined> {
  try {
    const built = isHidden(layer) ? undefined : await draw(layer, c, where);
    const degrees = turnOf(layer);
    if (built === undefined || degrees === 0) return built;
    const turned = await turnedLayer(c.sharp, built, degrees);
    // Drawn words were judged as text; a picture is judged as it will be seen.
    if (layer.type === 'image' || layer.type === 'sticker')
      for (const { raster } of turned.sprites) await c.judge(`${where}: turned by ${degrees}°`, raster);
    return turned;
  } catch (cause) {
    if (!(cause instanceof Undrawable)) throw cause;
    throw new EngineError('E_LAYER_INVALID', {
      where,
      expected: 'a size between a pixel and 34 megapixels, letters no larger than twice the frame',
      found: cause.message,
      todo: 'set a smaller width, height or size',
      cause,
    });
  }
}

async function draw(layer: Layer, c: BuildContext, where: string): Promise<BuiltLayer | undefined> {
  if (dependsOnProduct(layer)) {
    if (layer.product !== undefined && layer.product !== c.product?.id) return undefined;
    if (c.product === null) return undefined;
  }
  switch (layer.type) {
    case 'image':
    case 'sticker':
      return buildPicture(layer, c, where);
    case 'media':
      return buildMedia(layer, c, where);
    case 'text':
      return buildText(layer, c);
    case 'bubble':
      return buildBubble(layer, c);
    case 'ticker':
      return buildTicker(layer, c);
    case 'card':
      return buildCard(layer, c);
    case 'countdown':
      return buildCountdown(layer, c);
    case 'coupon':
      return buildCoupon(layer, c);
    case 'ladder':
      return buildLadder(layer, c);
    case 'attributes':
      return buildAttributes(layer, c);
    case 'question':
      return buildQuestion(layer, c);
    case 'announcement':
      return buildAnnouncement(layer, c);
    case 'shape':
      return buildShape(layer, c);
    case 'label':
      return buildLabel(layer, c, where);
    case 'presenter':
    case 'assistant':
      return { box: personBox(layer, c.canvas), sprites: [] };
    case 'caption':
      faceOf(layer, c.room.language, c.canvas); // throws for letters that no cue could be drawn in
      return undefined;
  }
}
