import t from 'tap';
import { EventLog } from '../../../src/viewers/events/event-intake.js';
import type { ViewerEvent } from '../../../src/config/api/events-handle.js';

const event = (kind: ViewerEvent['kind'], id: string): ViewerEvent =>
  ({ id, platform: 'api', kind, user: 'Anna', text: 'How much?', count: 1 }) as ViewerEvent;

t.test('keeps a comment until its answer while likes come by the thousand', async (t) => {
  const log = new EventLog();
  const { seq } = log.add(event('comment', 'c'), 1);
  for (let n = 0; n < 3000; n += 1) log.add(event('like', `l${n}`), 2);
  log.change(seq, { state: 'answered' });
  const all = log.recent(1000);
  t.match(
    all.find((one) => one.seq === seq),
    { state: 'answered' },
  );
  t.equal(all.length, 201);
  t.ok(all[0]!.seq > all[1]!.seq, 'newest first');
});
