/**
 * What others do meanwhile: the shell listens on every page, so that what a page has read is read again when it changes.
 *
 * Rule: a message says that something is new, never what; the page's own queries fetch it, and edits under way are not touched.
 */
import { Live, type LiveMessage } from '../lib/live.svelte';
import { queries } from './session';

export interface PersonHere {
  readonly user: { readonly id: string; readonly name: string };
  readonly room: string;
  readonly page: string;
}

let here: readonly PersonHere[] = $state.raw([]);
/** Everybody of the organisation who has a page of a room open. */
export const peopleHere = (): readonly PersonHere[] => here;

type Listener = (message: LiveMessage) => void;
const listeners = new Set<Listener>();
/** Calls back for each message of the room that is open; returns a function that ends it. */
export function onNews(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Pages on which another person's layers and edits are seen while they are made. */
const DETAILED: ReadonlySet<string> = new Set(['customise']);

/** Follows one room, or none; returns a function that ends it. */
export function followNews(room: string | null, page: string): () => void {
  const read = (...key: string[]): void => void queries.invalidateQueries({ queryKey: key });
  const live = new Live({
    rooms: room === null ? [] : [room],
    detail: room !== null && DETAILED.has(page) ? [room] : [],
    ...(room === null ? {} : { presence: { room, page } }),
    onmessage(message) {
      const { type, data } = message;
      const of = message.room ?? '';
      if (type === 'people') here = data as readonly PersonHere[];
      else if (type === 'file') {
        read('room-file', of);
        read('versions', of);
        read('rooms');
        read('room', of);
      } else if (type === 'process') {
        read('rooms');
        read('room', of);
      } else if (type === 'rooms') read('rooms');
      else if (type === 'schedules') read('schedules', of);
      else if (type === 'job') read('jobs', of);
      else if (type === 'hello' && message.resumed !== true && room !== null) read('room-file', room);
      for (const listener of listeners) listener(message);
    },
  });
  return () => {
    live.stop();
    here = [];
  };
}
