import t from 'tap';
import { EventLog } from '../../src/viewers/events/event-intake.js';
import { recordEvents } from '../../src/room/open/open-desks.js';
import type { EventResult, EventSeen } from '../../src/store/store-records.js';

t.test('keeps a comment with the product on screen, and its outcome; nothing before it was judged', async (t) => {
  const log = new EventLog();
  const seen: EventSeen[] = [];
  const results: EventResult[] = [];
  const store = {
    eventSeen: (event: EventSeen) => void seen.push(event),
    eventResult: (result: EventResult) => void results.push(result),
  };
  recordEvents(
    { listen: (listener) => log.listen(listener) },
    store,
    () => 'mug',
    () => 5000,
  );
  const base = { platform: 'api', user: 'Anna', count: 1 } as const;
  const { seq } = log.add({ ...base, id: 'c1', kind: 'comment', text: 'How much?' }, 2000);
  t.same(seen, [], 'its words may be hostile');
  log.change(seq, { state: 'answering', path: 'intent', about: 'price' });
  log.change(seq, { state: 'answered' });
  t.match(seen, [{ id: 'c1', product: 'mug', intent: 'price' }]);
  t.match(results, [{ id: 'c1', outcome: 'answered', path: 'intent', replyMs: 3000 }]);
  const like = log.add({ ...base, id: 'l1', kind: 'like', text: '' }, 2500);
  log.change(like.seq, { state: 'ignored' });
  t.equal(seen.at(-1)!.product, undefined, 'a like is not about a product');
});
