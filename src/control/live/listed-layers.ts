import type { LayerList } from '../../config/api/layers-handle.js';

/** A layer as a list shows it; its pictures, which may be megabytes of `data:`, stay where they are. */
export interface ListedLayer {
  readonly id: string;
  readonly type: string;
  /** Its words, shortened; empty for a layer without. */
  readonly text: string;
  readonly visible: boolean;
  /** Shown only while a line names it. */
  readonly onCue: boolean;
  /** Id of the product that it is shown with. */
  readonly product: string | null;
  /** It cannot be hidden. */
  readonly locked: boolean;
}

const MAX_WORDS = 80;

/** From bottom to top. */
export const listedLayers = ({ layers }: LayerList): ListedLayer[] =>
  layers.map(({ id, layer, can }) => {
    const { type, text, items, hidden, shown, product } = (layer ?? {}) as Readonly<Record<string, unknown>>;
    const words = typeof text === 'string' ? text : type === 'ticker' && Array.isArray(items) ? items.join(' ') : '';
    return {
      id,
      type: String(type ?? ''),
      text: words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words,
      visible: hidden !== true,
      onCue: shown === 'on-cue',
      product: typeof product === 'string' ? product : null,
      locked: !can.hide,
    };
  });
