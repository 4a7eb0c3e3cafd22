import { layer as layerSchema, type Layer } from '../../config/sections/layer.js';

const QUESTION_LAYER_ID = 'viewer-question';
const MAX_CHARS = 140;

/**
 * A panel with a viewer's question, in the look and place of the room's own question layer on cue, else of its panel of prices
 * or attributes, else below the AI label. Text and name must have been judged.
 */
export function questionLayer(text: string, user: string | undefined, layers: readonly Layer[] = []): Layer {
  const signs = [...text];
  const short = signs.length > MAX_CHARS ? `${signs.slice(0, MAX_CHARS - 1).join('')}…` : text;
  const words = { id: QUESTION_LAYER_ID, text: short, user: user ?? '' };
  const own = layers.find(({ type, shown }) => type === 'question' && shown === 'on-cue');
  if (own !== undefined) return layerSchema.parse({ ...own, ...words, shown: undefined, product: undefined });
  const panel = layers.find(({ type, shown }) => (type === 'ladder' || type === 'attributes') && shown === 'on-cue');
  if (panel !== undefined) {
    // Not its height: a question takes as much as its words need.
    const {
      height: _height,
      maxRows: _rows,
      title: _title,
      names: _names,
      ...placed
    } = panel as Layer & Record<string, unknown>;
    return layerSchema.parse({ ...placed, ...words, type: 'question', shown: undefined, product: undefined });
  }
  return layerSchema.parse({
    ...words,
    type: 'question',
    theme: 'light',
    z: 900,
    anchor: 'top',
    // Below the AI label of a portrait room without its own.
    y: '16%',
    width: '78%',
    enter: { type: 'pop', durationMs: 300, easing: 'back-out' },
    leave: { type: 'fade', durationMs: 250 },
  });
}
