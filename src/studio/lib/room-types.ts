/** Shapes that the engine sends; types only, so that nothing of the engine is loaded by a page. */
export type { AgendaItemSnapshot, AgendaSnapshot } from '../../config/api/script-handle.js';
export type { DeskMachine, DeskRule, HiddenViewer, SayResult } from '../../config/api/desk-handle.js';
export type { EventRecord, OpenQuestion, PreviewedAnswer } from '../../config/api/events-handle.js';
export type { EditStep } from '../../config/api/desk-handle.js';
export type { ListedLayer as DeskLayer } from '../../control/live/live-feed.js';
export type { ProductList, ProductState } from '../../config/api/products-handle.js';
export type { ScriptSnapshot } from '../../config/api/script-handle.js';
export type { AudioState } from '../../config/api/audio-handle.js';
export type {
  AlarmSnapshot,
  OutputEvent,
  OutputSnapshot,
  RoomSnapshot,
  VerdictRecord,
} from '../../config/api/room-handle.js';

/** A product as in the room file, as far as the desk shows it. */
export interface DeskProduct {
  readonly title: string;
  readonly image: string;
  readonly price: { readonly amount: number; readonly currency: string; readonly unit: string; readonly was?: number };
  readonly minimumOrder: string;
  readonly stock: 'on-sale' | 'sold-out';
}
