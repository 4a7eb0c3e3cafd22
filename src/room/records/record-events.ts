import type { EventRecord, EventsHandle } from '../../config/api/events-handle.js';
import type { EventOutcome, ReplyPath } from '../../store/store-records.js';
import type { ShowStore } from '../../store/show-store.js';

const PATHS: ReadonlySet<string> = new Set<ReplyPath>(['rule', 'intent', 'faq', 'llm', 'operator']);
/** Events that were recorded once and may still change. */
const MAX_OPEN = 1000;

/** Keeps viewers' events in the store: once when each was judged, and again with its outcome. */
export function recordEvents(
  events: Pick<EventsHandle, 'listen'>,
  store: Pick<ShowStore, 'eventSeen' | 'eventResult'>,
  /** The product on screen: viewers ask about what they see. */
  productNow: () => string | null,
  nowMs: () => number = Date.now,
): () => void {
  const open = new Set<number>();
  return events.listen((record) => {
    const { seq, id, platform, kind, user, text, count, atMs, state } = record;
    // Not judged yet: its words may be hostile.
    if (state === 'taken') return;
    const outcome = outcomeOf(record);
    if (!open.has(seq)) {
      const product = kind === 'comment' ? productNow() : undefined;
      store.eventSeen({ id, platform, kind, user, text, count, atMs, intent: intentOf(record), product, outcome });
      if (state === 'hostile' || state === 'ignored') return;
      open.add(seq);
      if (open.size > MAX_OPEN) open.delete(open.values().next().value!);
    }
    if (outcome === 'open') return;
    const path = record.path !== undefined && PATHS.has(record.path) ? (record.path as ReplyPath) : undefined;
    const replyMs = state === 'answered' ? Math.max(0, nowMs() - atMs) : undefined;
    const reason = outcome === 'unanswered' ? record.reason : undefined;
    store.eventResult({ id, platform, outcome, path, intent: intentOf(record), reason, replyMs });
  });
}

const outcomeOf = ({ state }: EventRecord): EventOutcome =>
  state === 'taken' || state === 'answering' ? 'open' : state;

const intentOf = ({ path, about }: EventRecord): string | undefined => (path === 'intent' ? about : undefined);
