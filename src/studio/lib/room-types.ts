/** Shapes that the engine sends; types only, so that nothing of the engine is loaded by a page. */
export type { AlarmSnapshot } from '../../core/alarm-kinds.js';
export type { AgendaItemSnapshot, AgendaSnapshot } from '../../core/handles/agenda-handle.js';
export type { DeskMachine, DeskRule, HiddenViewer } from '../../core/handles/desk-handle.js';
export type { EventRecord, OpenQuestion, PreviewedAnswer } from '../../core/handles/events-handle.js';
export type { EditStep } from '../../core/handles/history-handle.js';
export type { ListedLayer as DeskLayer } from '../../control/live/listed-layers.js';
export type { ProductList, ProductState } from '../../core/handles/products-handle.js';
export type { SayResult } from '../../core/handles/say-result.js';
export type { ScriptSnapshot } from '../../core/handles/script-handle.js';
export type { AudioState } from '../../core/handles/audio-handle.js';
export type { OutputEvent, OutputSnapshot, RoomSnapshot, VerdictRecord } from '../../core/room-handle.js';

/** A product as in the room file, as far as the desk shows it. */
export interface DeskProduct {
  readonly title: string;
  readonly image: string;
  readonly price: { readonly amount: number; readonly currency: string; readonly unit: string; readonly was?: number };
  readonly minimumOrder: string;
  readonly stock: 'on-sale' | 'sold-out';
}
