import { CommentPicker } from '../comments/comment-picker.js';
import type { CommentPlaces } from '../comments/comment-places.js';
import { CommentReader } from '../comments/page-comment-reader.js';
import type { ToTab } from '../tab-messages.js';

/**
 * The part that reads comments, in the extension's world of a page. It knows neither the engine's address nor its
 * token: batches go to the extension's worker.
 */
const word = (name: string): string => chrome.i18n.getMessage(name);

let reader: CommentReader | undefined;
let picker: CommentPicker | undefined;
let reading = '';

async function follow(): Promise<void> {
  const readers = ((await chrome.storage.local.get('readers'))['readers'] ?? {}) as Record<string, CommentPlaces>;
  const places = readers[location.host];
  const next = places === undefined ? '' : JSON.stringify(places);
  if (next === reading) return;
  reading = next;
  reader?.stop();
  reader =
    places === undefined
      ? undefined
      : new CommentReader(
          places,
          location.host,
          async (events) => (await chrome.runtime.sendMessage({ kind: 'comments', events })) === true,
        );
}

function pick(): void {
  picker?.end(undefined);
  const words = {
    item: word('pickItem'),
    user: word('pickUser'),
    text: word('pickText'),
    noName: word('pickNoName'),
    cancel: word('pickCancel'),
    notAList: word('pickNotAList'),
  };
  picker = new CommentPicker(words, (places) => {
    picker = undefined;
    if (places !== undefined) void chrome.runtime.sendMessage({ kind: 'picked', places });
  });
}

// Injected again by each press of the button: one is enough.
const own = globalThis as { showroomComments?: true };
if (own.showroomComments !== true) {
  own.showroomComments = true;
  chrome.runtime.onMessage.addListener((message: ToTab) => {
    if (message.kind === 'pick') pick();
  });
  chrome.storage.onChanged.addListener((changes) => {
    if (!('readers' in changes)) return;
    // Another frame of the page was chosen.
    picker?.end(undefined);
    void follow();
  });
  void follow();
}
