import { layer as layerSchema, type Layer } from '../../config/sections/layer.js';

export const QUESTION_LAYER_ID = 'viewer-question';
const MAX_CHARS = 140;

/** A panel with a viewer's question. Text and name must have been judged. */
export function questionLayer(text: string, user: string | undefined): Layer {
  const signs = [...text];
  const short = signs.length > MAX_CHARS ? `${signs.slice(0, MAX_CHARS - 1).join('')}…` : text;
  return layerSchema.parse({
    id: QUESTION_LAYER_ID,
    type: 'question',
    theme: 'light',
    z: 900,
    anchor: 'top',
    y: '9%',
    width: '78%',
    text: short,
    user: user ?? '',
    enter: { type: 'pop', durationMs: 300, easing: 'back-out' },
    leave: { type: 'fade', durationMs: 250 },
  });
}
