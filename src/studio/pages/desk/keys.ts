import type { Key } from '../../messages/index.svelte';

/** What a key does. `atOnce`: on key down, without a repeat, whatever else happens. */
export interface Shortcut {
  readonly keys: string;
  readonly text: Key;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'M', text: 'desk.keys.mute' },
  { keys: 'B', text: 'desk.keys.blank' },
  { keys: 'D', text: 'desk.keys.dump' },
  { keys: 'R', text: 'desk.keys.resume' },
  { keys: 'P', text: 'desk.keys.pause' },
  { keys: 'N', text: 'desk.keys.skip' },
  { keys: 'I', text: 'desk.keys.insert' },
  { keys: 'T', text: 'desk.keys.take' },
  { keys: '1–9', text: 'desk.keys.pin' },
  { keys: '⇧ 1–9', text: 'desk.keys.sold' },
  { keys: 'C', text: 'desk.keys.comments' },
  { keys: '↑ ↓', text: 'desk.keys.move' },
  { keys: '↵', text: 'desk.keys.answer' },
  { keys: 'S', text: 'desk.keys.show' },
  { keys: 'H', text: 'desk.keys.hide' },
  { keys: 'A', text: 'desk.keys.acknowledge' },
  { keys: 'V', text: 'desk.keys.evidence' },
  { keys: 'K', text: 'desk.keys.clip' },
  { keys: 'G', text: 'desk.keys.screenshot' },
  { keys: 'L', text: 'desk.keys.listen' },
  { keys: 'W', text: 'desk.keys.wall' },
  { keys: 'F6', text: 'desk.keys.panel' },
  { keys: '?', text: 'desk.keys.help' },
  { keys: 'Esc', text: 'desk.keys.leave' },
];

const OFF = 'desk-keys-off';
export const keysOff = (): boolean => localStorage.getItem(OFF) === 'yes';
export const setKeysOff = (off: boolean): void => localStorage.setItem(OFF, off ? 'yes' : 'no');

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * The key's name where it may act: no field has the focus (or Alt is held), no input method composes, no other modifier is down,
 * and no menu or dialog is open. Digits come with Shift as `⇧1`.
 */
export function keyOf(event: KeyboardEvent): string | null {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.defaultPrevented)
    return null;
  if (isField(event.target) && !event.altKey && event.key !== 'Escape') return null;
  if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit !== undefined) return event.shiftKey ? `⇧${digit}` : digit;
  if (event.key === '?') return '?';
  // By the place on the keyboard where Alt makes other signs, by the letter elsewhere.
  const letter = event.altKey ? /^Key([A-Z])$/.exec(event.code)?.[1] : undefined;
  return letter ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
}
