import type { Layer } from '../../config/sections/layer.js';
import type { LineRequest } from '../../show/agenda/agenda-line.js';

/** The part of the agenda that replies use. */
export interface AgendaPort {
  /** Undefined when there is no room for it. */
  add(request: LineRequest): { id: string } | undefined;
}

/** Shows a layer for some time without a line. Never throws; a refused layer is logged. */
export type ShowLayer = (layer: Layer, forMs: number) => void;
