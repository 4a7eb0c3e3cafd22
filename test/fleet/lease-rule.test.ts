import t from 'tap';
import { ClaimWatch, Lease, LEASE_TIMES, type Claim } from '../../src/fleet/lease/lease-rule.js';

const { lockMs, marginMs, claimMs, claimAfterMs } = LEASE_TIMES;

t.test('a renewal counts from when it was sent, and ends before the lock does', async (t) => {
  const lease = new Lease(LEASE_TIMES, 1000);
  t.equal(lease.untilMs, 1000 + lockMs - marginMs);
  // Sent at 2000, answered at 3500: Redis may have set the lock at any time between.
  lease.renewed(2000);
  t.equal(lease.untilMs, 2000 + lockMs - marginMs);
  lease.renewed(1500);
  t.equal(lease.untilMs, 2000 + lockMs - marginMs, 'an old answer moves nothing back');
});

t.test('a claim extends a lease only when the store confirmed it before the deadline', async (t) => {
  const lease = new Lease(LEASE_TIMES, 0);
  t.notOk(lease.needsClaim(claimAfterMs - 1));
  t.ok(lease.needsClaim(claimAfterMs));
  const late = new Lease(LEASE_TIMES, 0);
  t.notOk(late.claimed(2000, late.untilMs), 'it was over when the answer came');
  t.equal(late.untilMs, lockMs - marginMs);
  t.ok(lease.claimed(2000, 2100));
  t.equal(lease.untilMs, 2000 + claimMs - marginMs);
  t.ok(lease.isClaimed(lockMs));
  lease.renewed(5000);
  t.notOk(lease.isClaimed(5100), 'the lock carries it again');
});

t.test('a lost lock wants a claim at once', async (t) => {
  const lease = new Lease(LEASE_TIMES, 0);
  lease.forgetRenewal();
  t.ok(lease.needsClaim(1));
  t.equal(lease.untilMs, lockMs - marginMs, 'and the deadline stays');
});

t.test('a claim holds a room until it was seen unchanged for its whole length', async (t) => {
  const watch = new ClaimWatch(LEASE_TIMES);
  const claim = (count: number, rooms = ['shop']): Claim[] => [{ worker: 'w1', count, rooms }];
  t.equal(watch.holder('shop', claim(1), 0), 'w1');
  t.equal(watch.holder('other', claim(1), 0), undefined);
  t.equal(watch.holder('shop', claim(2), claimMs - 1), 'w1', 'renewed');
  t.equal(watch.holder('shop', claim(2), claimMs + claimMs - 2), 'w1');
  t.equal(watch.holder('shop', claim(2), claimMs + claimMs - 1), undefined);
  t.equal(watch.holder('shop', claim(3, []), 2 * claimMs), undefined, 'taken back');
});

t.test('a holder has always ended when a taker finds its claim over', async (t) => {
  // The taker first reads the claim as late as it can: just before it would end.
  const holder = new Lease(LEASE_TIMES, 0);
  const sentMs = 2000;
  holder.claimed(sentMs, sentMs + 50);
  for (const firstLookMs of [sentMs + 1, holder.untilMs - 1, holder.untilMs + 5000]) {
    const watch = new ClaimWatch(LEASE_TIMES);
    const claims: Claim[] = [{ worker: 'w1', count: 1, rooms: ['shop'] }];
    let nowMs = firstLookMs;
    while (watch.holder('shop', claims, nowMs) !== undefined) nowMs += 10;
    t.ok(nowMs >= holder.untilMs, `looked first at ${firstLookMs}`);
  }
});
