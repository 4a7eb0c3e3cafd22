import {
  type CommentPlaces,
  CommentReader,
  itemAround,
  itemSelector,
  selectorWithin,
} from '../comments/page-comment-reader.js';
import type { ToTab } from '../settings.js';

/**
 * The part that reads comments, in the extension's world of a page. It knows neither the engine's address nor its
 * token: batches go to the extension's worker.
 */
const word = (name: string): string => chrome.i18n.getMessage(name);

let reader: CommentReader | undefined;

interface PickerWords {
  readonly item: string;
  readonly user: string;
  readonly text: string;
  readonly noName: string;
  readonly cancel: string;
  readonly notAList: string;
}

/** Lets a person show where the comments are: three clicks, on a comment, the name in it, and its words. */
class CommentPicker {
  private readonly host = document.createElement('div');
  private readonly hint = document.createElement('span');
  private readonly skip = document.createElement('button');
  private readonly frame = document.createElement('div');
  private readonly bar = document.createElement('div');
  private step: 'item' | 'user' | 'text' = 'item';
  private item = '';
  private user = '';

  constructor(
    private readonly words: PickerWords,
    private readonly onEnd: (places: CommentPlaces | undefined) => void,
  ) {
    // Closed, so that the page's code cannot press its buttons.
    const root = this.host.attachShadow({ mode: 'closed' });
    this.host.style.cssText = 'all:initial;position:fixed;inset:0;z-index:2147483647;pointer-events:none';
    this.frame.style.cssText =
      'position:fixed;border:2px solid #e8453c;background:#e8453c22;border-radius:4px;pointer-events:none;display:none';
    const { bar } = this;
    bar.style.cssText =
      'position:fixed;left:50%;top:12px;translate:-50%;display:flex;gap:12px;align-items:center;padding:10px 16px;border-radius:10px;' +
      'background:#161b25;color:#fff;font:14px/1.4 system-ui,sans-serif;pointer-events:auto;box-shadow:0 4px 20px #0006';
    const cancel = document.createElement('button');
    for (const [button, label, run] of [
      [this.skip, words.noName, () => this.chosen('user', '')],
      [cancel, words.cancel, () => this.end(undefined)],
    ] as const) {
      button.textContent = label;
      button.style.cssText =
        'border:0;border-radius:6px;padding:5px 12px;background:#39435a;color:#fff;font:inherit;cursor:pointer';
      button.addEventListener('click', run);
    }
    bar.append(this.hint, this.skip, cancel);
    root.append(this.frame, bar);
    document.documentElement.append(this.host);
    this.show();
    addEventListener('pointermove', this.onMove, true);
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click'] as const)
      addEventListener(type, this.onPress, true);
    addEventListener('keydown', this.onKey, true);
  }

  end(places: CommentPlaces | undefined): void {
    if (!this.host.isConnected) return;
    this.host.remove();
    removeEventListener('pointermove', this.onMove, true);
    for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click'] as const)
      removeEventListener(type, this.onPress, true);
    removeEventListener('keydown', this.onKey, true);
    this.onEnd(places);
  }

  private show(): void {
    this.hint.textContent = this.words[this.step];
    this.skip.style.display = this.step === 'user' ? '' : 'none';
  }

  /** The element that a click here would choose. */
  private under(event: Event): Element | undefined {
    const [target] = event.composedPath();
    if (!(target instanceof Element) || target === this.host) return undefined;
    if (this.step === 'item') return itemAround(target);
    return target.closest(this.item) === null ? undefined : target;
  }

  private readonly onMove = (event: PointerEvent): void => {
    // The bar makes way: the first comments may be under it.
    if (!event.composedPath().includes(this.host)) {
      const low = event.clientY < 110;
      Object.assign(this.bar.style, low ? { top: 'auto', bottom: '12px' } : { top: '12px', bottom: 'auto' });
    }
    const box = this.under(event)?.getBoundingClientRect();
    this.frame.style.display = box === undefined ? 'none' : 'block';
    if (box === undefined) return;
    const { left, top, width, height } = box;
    Object.assign(this.frame.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  };

  /** The page must not react: a comment may be a link. */
  private readonly onPress = (event: Event): void => {
    if (event.composedPath().includes(this.host)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.type !== 'click') return;
    const element = this.under(event);
    if (element === undefined) {
      this.hint.textContent = this.words.notAList;
      return;
    }
    if (this.step === 'item') this.chosen('item', itemSelector(element));
    else this.chosen(this.step, selectorWithin(element.closest(this.item)!, element));
  };

  private chosen(step: 'item' | 'user' | 'text', selector: string): void {
    if (step === 'item') {
      this.item = selector;
      this.step = 'user';
    } else if (step === 'user') {
      this.user = selector === ':scope' ? '' : selector;
      this.step = 'text';
    } else return this.end({ item: this.item, user: this.user, text: selector });
    this.show();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.end(undefined);
  };
}

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
