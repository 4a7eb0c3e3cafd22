import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { WatchEvent } from '../../src/compliance/watch/watch-event.js';
import { actions, duplicateWatch } from '../../src/config/sections/compliance.js';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { silentLog } from '../../src/core/log.js';
import { i420Size } from '../../src/core/media/picture.js';
import { seededRandom } from '../../src/core/random.js';
import { frameIndex } from '../../src/core/time.js';
import type { FrameHit, FrameVerdict, LedgerEntry } from '../../src/core/verdict.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import {
  Debounce,
  FirstSamples,
  PictureSampler,
  type WordsWatchOptions,
} from '../../src/room/watches/picture-sampler.js';
import { RoomRisk, RoomWatch, SecondOpinion, type SecondOpinionOptions } from '../../src/room/watches/room-watch.js';
import { ShowHealth, takeWatch } from '../../src/room/watches/show-health.js';
import { Agenda } from '../../src/show/agenda/agenda.js';
import { Rundown } from '../../src/show/rundown.js';

t.test('first samples', async (t) => {
  t.test('reads the picture once after the start, and at the first appearance of each product', async (t) => {
    const asked: number[] = [];
    const looks = new FirstSamples({ changed: (inMs?: number) => void asked.push(inMs ?? 0) });
    looks.product('lamp', 0);
    t.strictSame(asked, [], 'lines scheduled before the show are read with its beginning');
    looks.begin('lamp');
    t.strictSame(asked, [5000]);
    looks.product('lamp', 900);
    looks.product('bottle', 1200);
    looks.product('lamp', 900);
    looks.product('bottle', 1200);
    looks.product('bag', -40);
    t.strictSame(asked, [5000, 1200, 0], 'each once; a late one counts as arrived');
    looks.layersChanged();
    looks.product('lamp', 700);
    t.strictSame(asked.slice(3), [0, 700], 'with other layers the picture is new');
  });
});

t.test('learned sampler', async (t) => {
  const CODE: FrameHit = { rule: '3.3', kind: 'qr', text: 'u.wx.qq.com', box: { x: 2, y: 2, width: 20, height: 20 } };

  function rig(t: { teardown(f: () => unknown): void }, more: Partial<SecondOpinionOptions> = {}) {
    const notes: LedgerEntry[] = [];
    const state = { verdict: { verdict: 'clean', hits: [] } as FrameVerdict, holds: 0, closed: false, scans: 0 };
    const opinion = new SecondOpinion({
      width: 64,
      height: 32,
      enabled: () => true,
      everySeconds: 0,
      kernels: loadKernels(),
      canvas: async () => new Uint8Array(i420Size(64, 32)).fill(235, 0, 64 * 32).fill(128, 64 * 32),
      actions: new RuleActions({}),
      evidence: { picture: () => undefined },
      note: (entry) => notes.push(entry),
      onHold: () => void (state.holds += 1),
      onStop: () => undefined,
      frame: () => frameIndex(7),
      log: silentLog,
      detector: {
        scan: async (rgba, width, height) => {
          state.scans += 1;
          if (rgba.length !== width * height * 4 || rgba[0]! < 250) throw new Error('not the picture');
          return state.verdict;
        },
        close: async () => void (state.closed = true),
      },
      ...more,
    });
    t.teardown(() => opinion.close());
    return { opinion, notes, state };
  }

  t.test('shows the slate for a code only the second opinion reads, until a later scan is clean', async (t) => {
    const { opinion, notes, state } = rig(t);
    await opinion.sample();
    t.equal(opinion.holding, false);
    state.verdict = { verdict: 'violation', hits: [CODE] };
    await opinion.sample();
    await opinion.sample();
    t.equal(opinion.holding, true);
    t.match(notes, [{ rule: '3.3', surface: 'frame', action: 'blank', frame: 7, evidence: 'u.wx.qq.com' }]);
    state.verdict = { verdict: 'clean', hits: [] };
    await opinion.sample();
    t.equal(opinion.holding, false);
    t.equal(state.holds, 2);
  });

  t.test('uses the slate for actions that need the code’s position', async (t) => {
    const { opinion, notes, state } = rig(t, { actions: { action: () => 'blur' } });
    state.verdict = { verdict: 'violation', hits: [CODE] };
    await opinion.sample();
    t.match(notes, [{ action: 'blank' }]);
  });

  t.test('survives a switched-off or failing detector', async (t) => {
    const off = rig(t, { enabled: () => false });
    await off.opinion.sample();
    t.equal(off.state.scans, 0);
    const failing = rig(t, {
      detector: { scan: () => Promise.reject(new Error('gone')), close: () => Promise.resolve() },
    });
    await failing.opinion.sample();
    t.same([failing.opinion.holding, failing.notes.length], [false, 0]);
  });

  t.test('closes the detector', async (t) => {
    const { opinion, state } = rig(t);
    await opinion.close();
    t.equal(state.closed, true);
  });
});

t.test('picture sampler', async (t) => {
  const CONTACT: FrameHit = { rule: '3.2', kind: 'phone', text: '138', box: { x: 2, y: 2, width: 20, height: 8 } };

  function rig(t: { teardown(f: () => unknown): void }, more: Partial<WordsWatchOptions> = {}) {
    const notes: LedgerEntry[] = [];
    const seen: { rgba: Uint8Array }[] = [];
    const state = {
      holds: 0,
      stops: [] as string[],
      kept: 0,
      hits: [] as FrameHit[],
      verdict: 'clean' as 'clean' | 'violation' | 'review',
    };
    const watch = new PictureSampler({
      width: 64,
      height: 32,
      enabled: () => true,
      everySeconds: 0,
      kernels: loadKernels(),
      canvas: async () => new Uint8Array(i420Size(64, 32)).fill(235, 0, 64 * 32).fill(128, 64 * 32),
      ownTexts: () => [{ x: 30, y: 10, width: 10, height: 4 }],
      read: async (picture) => {
        seen.push(picture);
        return { verdict: state.verdict, hits: state.hits, lines: [] };
      },
      actions: new RuleActions({}),
      evidence: { picture: () => void (state.kept += 1) },
      note: (entry) => notes.push(entry),
      onHold: () => void (state.holds += 1),
      onStop: (rule) => state.stops.push(rule),
      frame: () => frameIndex(7),
      log: silentLog,
      ...more,
    });
    t.teardown(() => watch.close());
    return { watch, notes, seen, state };
  }

  t.test('shows the slate for words that break a rule until a reading is clean', async (t) => {
    const { watch, notes, state } = rig(t);
    await watch.sample();
    t.equal(watch.holding, false);
    state.hits = [CONTACT];
    state.verdict = 'violation';
    await watch.sample();
    await watch.sample();
    t.equal(watch.holding, true);
    t.same([state.holds, state.kept], [1, 1], 'logged and kept once');
    t.match(notes, [{ rule: '3.2', surface: 'frame', action: 'blank', frame: 7, evidence: '138' }]);
    state.hits = [];
    state.verdict = 'clean';
    await watch.sample();
    t.equal(watch.holding, false);
    t.equal(state.holds, 2);
    t.match(notes.at(-1), { action: 'resume' });
  });

  t.test('paints over the engine’s own texts before reading', async (t) => {
    const { watch, seen } = rig(t);
    await watch.sample();
    const at = (x: number, y: number): number => seen[0]!.rgba[(y * 64 + x) * 4]!;
    t.equal(at(32, 12), 128);
    t.equal(at(25, 5), 128, 'with a margin');
    t.ok(at(5, 5) > 250, 'the rest is unchanged');
  });

  t.test('leaves a doubtful reading to a person; ignores a failed one', async (t) => {
    const { watch, notes, state } = rig(t);
    state.hits = [CONTACT];
    state.verdict = 'review';
    await watch.sample();
    t.match(notes, [{ action: 'review' }]);
    state.hits = [{ rule: '3.2', kind: 'unread-text', text: 'died' }];
    await watch.sample();
    t.equal(watch.holding, false);
    t.equal(notes.length, 1);
    const failing = rig(t, { canvas: () => Promise.reject(new Error('gone')) });
    await failing.watch.sample();
    t.equal(failing.watch.holding, false);
  });

  t.test('applies the room’s action: a warning shows, a stop ends the room', async (t) => {
    const warned = rig(t, { actions: { action: () => 'warn' } });
    warned.state.hits = [CONTACT];
    warned.state.verdict = 'violation';
    await warned.watch.sample();
    t.equal(warned.watch.holding, false);
    const stopped = rig(t, { actions: { action: () => 'stop' } });
    stopped.state.hits = [CONTACT];
    stopped.state.verdict = 'violation';
    await stopped.watch.sample();
    t.same(stopped.state.stops, ['3.2']);
    t.equal(stopped.watch.holding, true);
  });

  /** A clock that the test advances. */
  function madeUpClock() {
    let nowMs = 0;
    let waiting: { atMs: number; due: () => void }[] = [];
    return {
      nowMs: () => nowMs,
      after(delayMs: number, due: () => void): () => void {
        const one = { atMs: nowMs + delayMs, due };
        waiting.push(one);
        return () => void (waiting = waiting.filter((w) => w !== one));
      },
      async goTo(ms: number): Promise<void> {
        while (true) {
          const [first] = waiting.filter((w) => w.atMs <= ms).sort((a, b) => a.atMs - b.atMs);
          if (first === undefined) break;
          nowMs = first.atMs;
          waiting = waiting.filter((w) => w !== first);
          first.due();
          // Callbacks it started run before the clock goes on.
          await new Promise((resolve) => setImmediate(resolve));
        }
        nowMs = ms;
      },
    };
  }

  t.test('reads the picture although layers change all the time', async (t) => {
    const clock = madeUpClock();
    const { watch, seen, state } = rig(t, { everySeconds: 5, clock });
    for (let ms = 0; ms < 40_000; ms += 900) {
      await clock.goTo(ms);
      watch.changed();
    }
    t.ok(seen.length >= 7, `read ${seen.length} times in 40 s`);
    state.hits = [CONTACT];
    state.verdict = 'violation';
    await clock.goTo(46_000);
    t.equal(watch.holding, true);
    state.hits = [];
    state.verdict = 'clean';
    for (let ms = 46_000; ms < 52_000; ms += 900) {
      await clock.goTo(ms);
      watch.changed();
    }
    t.equal(watch.holding, false, 'the slate ends as well');
  });

  t.test('reads soon after the first of many changes, without an interval', async (t) => {
    const clock = madeUpClock();
    const { watch, seen } = rig(t, { clock });
    await clock.goTo(60_000);
    t.equal(seen.length, 0);
    for (let ms = 60_000; ms < 62_000; ms += 500) {
      await clock.goTo(ms);
      watch.changed();
    }
    t.equal(seen.length, 1, 'within 1.5 s');
    await clock.goTo(80_000);
    t.equal(seen.length, 2, 'and again after the last of them');
  });

  t.test('brings a reading forward, never postpones it, and cancels it on close', async (t) => {
    const clock = madeUpClock();
    let looks = 0;
    const next = new Debounce(() => (looks += 1), clock);
    next.within(5000);
    next.within(1000);
    next.within(3000);
    await clock.goTo(1000);
    t.equal(looks, 1);
    await clock.goTo(10_000);
    t.equal(looks, 1, 'one reading');
    next.within(100);
    next.close();
    next.within(100);
    await clock.goTo(20_000);
    t.equal(looks, 1);
  });

  t.test(
    'skips a reading after changes where equal layers were read clean; never one at an interval or under a slate',
    async (t) => {
      const kept: unknown[] = [];
      const earlier = { isClean: () => true, begin: () => (reading: unknown) => void kept.push(reading) };
      const once = rig(t, { earlier });
      await once.watch.sample();
      t.equal(once.seen.length, 0);
      const regular = rig(t, { earlier, everySeconds: 60 });
      await regular.watch.sample();
      t.equal(regular.seen.length, 1);
      t.match(kept, [{ hits: [], lines: [] }], 'and keeps what it read');
      const state = { clean: false };
      const held = rig(t, { earlier: { ...earlier, isClean: () => state.clean } });
      held.state.hits = [CONTACT];
      held.state.verdict = 'violation';
      await held.watch.sample();
      state.clean = true;
      await held.watch.sample();
      t.equal(held.seen.length, 2);
      t.equal(held.watch.holding, true);
    },
  );
});

t.test('room risk', async (t) => {
  const HOUR_MS = 3_600_000;
  const code: LedgerEntry = { kind: 'frame', rule: '3.3', surface: 'frame', action: 'blank', evidence: 'https://x.y' };

  function rig(t: Test, dir = t.testdir()) {
    const clock = { ms: 1_000_000_000 };
    const notes: LedgerEntry[] = [];
    let limits = 0;
    const open = (ledger = 'ledger.jsonl'): Promise<RoomRisk> =>
      RoomRisk.open({
        limit: 3,
        halfLifeHours: 12,
        log: silentLog,
        ledgerFile: join(dir, ledger),
        wallMs: () => clock.ms,
        runMs: () => clock.ms,
        note: (entry) => notes.push(entry),
        onLimit: () => (limits += 1),
      });
    return { dir, clock, notes, open, limits: () => limits };
  }

  t.test('reaches the limit once after enough violations and records the reasons', async (t) => {
    const { notes, open, limits } = rig(t);
    const risk = await open();
    t.teardown(() => risk.close());
    risk.begin();
    for (let i = 0; i < 3; i += 1) risk.take(code);
    t.match(risk.snapshot(), { score: 2.25, level: 'raised', reasons: [{ rule: '3.3', count: 3 }] });
    t.equal(limits(), 0);
    for (let i = 0; i < 3; i += 1) risk.take(code);
    t.equal(limits(), 1);
    t.match(notes, [
      {
        kind: 'room',
        rule: 'P',
        action: 'risk-slate',
        evidence: /^3\.3 Codes to scan ×4$/,
        detail: { score: 3, limit: 3, penalty: 'off-air' },
      },
    ]);
    t.equal(notes.length, 1);
    risk.take(notes[0]!);
    t.equal(risk.snapshot().score, 4.5, 'its own entry is no violation');
  });

  t.test('ignores warnings, refusals and entries without a rule', async (t) => {
    const { open } = rig(t);
    const risk = await open();
    t.teardown(() => risk.close());
    const base = { surface: 'frame', rule: '5.11' } as const;
    risk.take({ ...base, kind: 'frame', action: 'warn' });
    risk.take({ ...base, kind: 'frame', action: 'warn-over' });
    risk.take({ kind: 'text', rule: '3.2', surface: 'speech', action: 'refuse' });
    risk.take({ kind: 'admission', rule: '3.3', surface: 'frame', action: 'refuse' });
    risk.take({ kind: 'frame', action: 'blank', detail: { unjudged: 'thread' } });
    risk.take({ kind: 'operator', action: 'mute' });
    t.strictSame(risk.snapshot(), { score: 0, level: 'calm', reasons: [] });
  });

  t.test('counts a scripted line once an hour', async (t) => {
    const { open, clock } = rig(t);
    const risk = await open();
    t.teardown(() => risk.close());
    const muted = (line: string): void =>
      risk.take({ kind: 'text', rule: '3.2', surface: 'speech', action: 'mute', evidence: '138', detail: { line } });
    for (let round = 0; round < 5; round += 1) muted(`s${round}.0.2`);
    t.equal(risk.snapshot().score, 0.6);
    muted('s5.1.2');
    t.equal(risk.snapshot().score, 1.2, 'another line is another violation');
    muted('say-1');
    muted('say-2');
    t.equal(risk.snapshot().score, 2.4, 'and so is each inserted line');
    clock.ms += HOUR_MS;
    const before = risk.snapshot().score;
    muted('s9.0.2');
    t.ok(Math.abs(risk.snapshot().score - before - 0.6) < 0.02);
  });

  t.test('keeps the limit over a restart; only a person lifts the slate, not time', async (t) => {
    const { dir, clock, notes, open, limits } = rig(t);
    const first = await open();
    for (let i = 0; i < 4; i += 1) first.take(code);
    await first.close();

    const second = await open();
    t.equal(second.atLimit, false, 'nothing is reported before the room is ready');
    second.begin();
    t.equal(second.atLimit, true);
    t.equal(limits(), 2);
    t.equal(notes.length, 2);
    clock.ms += 30 * HOUR_MS;
    t.match(second.snapshot(), { level: 'limit' });
    t.ok(second.snapshot().score < 1);
    t.ok(second.clear() > 0);
    t.equal(second.atLimit, false);
    await second.close();

    const third = await open();
    third.begin();
    t.strictSame(third.snapshot(), { score: 0, level: 'calm', reasons: [] });
    await third.close();

    writeFileSync(join(dir, 'ledger.risk.json'), '{"version":1');
    await t.rejects(open(), { code: 'E_RISK' }, 'rejects a damaged file instead of resetting the score');
  });

  t.test('keeps the slate over a restart after the score has fallen, until a person resumes', async (t) => {
    const { clock, open, limits } = rig(t);
    const first = await open();
    for (let i = 0; i < 4; i += 1) first.take(code);
    await first.close();
    clock.ms += 30 * HOUR_MS;

    const second = await open();
    second.begin();
    t.ok(second.atLimit);
    t.equal(limits(), 2);
    t.ok(second.snapshot().score < 1);
    second.clear();
    await second.close();

    const third = await open();
    third.begin();
    t.notOk(third.atLimit);
    await third.close();
  });

  t.test('keeps a score per room when ledgers share a folder', async (t) => {
    const { open } = rig(t);
    const [a, b] = [await open('a.jsonl'), await open('b.jsonl')];
    a.take(code);
    await a.close();
    await b.close();
    const [a2, b2] = [await open('a.jsonl'), await open('b.jsonl')];
    t.equal(a2.snapshot().score, 0.75);
    t.equal(b2.snapshot().score, 0);
    await a2.close();
    await b2.close();
  });

  t.test("takes over an earlier engine's score for the only room of its folder", async (t) => {
    const { dir, open } = rig(t);
    const old = join(dir, 'risk.json');
    const first = await open();
    for (let i = 0; i < 4; i += 1) first.take(code);
    await first.close();
    // An earlier engine did not save whether the room was held.
    const { held: _held, ...state } = JSON.parse(readFileSync(join(dir, 'ledger.risk.json'), 'utf8')) as {
      held: boolean;
    };
    renameSync(join(dir, 'ledger.risk.json'), old);
    writeFileSync(old, JSON.stringify(state));
    for (const name of ['ledger.jsonl', 'ledger.000001.jsonl', 'ledger.resume.json'])
      writeFileSync(join(dir, name), '');

    const second = await open();
    second.begin();
    t.ok(second.atLimit);
    t.notOk(existsSync(old));
    await second.close();

    renameSync(join(dir, 'ledger.risk.json'), old);
    writeFileSync(join(dir, 'other.jsonl'), '');
    const third = await open();
    t.equal(third.snapshot().score, 0, 'ambiguous between two rooms');
    t.ok(existsSync(old), 'so the file stays');
    await third.close();
  });
});

t.test('room watch', async (t) => {
  t.test('keeps a fault in the snapshot while it lasts, and records its beginning and end', async (t) => {
    const notes: LedgerEntry[] = [];
    const watch = new RoomWatch({
      note: (entry: LedgerEntry) => notes.push(entry),
      log: silentLog,
      actions: new RuleActions({}),
      onStop: () => t.fail('unexpected stop'),
      width: 32,
      height: 32,
      thresholds: duplicateWatch.parse({}),
      still: async () => new Uint8Array(1536),
      frame: () => frameIndex(0),
    });
    t.teardown(() => watch.close());
    const at = (frame: number) => ({ since: frameIndex(frame - 90), frame: frameIndex(frame), value: 0.912345 });
    watch.take({ kind: 'black', rule: '5.10', active: true, ...at(900) });
    watch.take({ kind: 'dead-air', rule: '5.8', active: true, ...at(950) });
    t.strictSame(watch.faults(), [
      { kind: 'black', rule: '5.10', since: 810, value: 0.912 },
      { kind: 'dead-air', rule: '5.8', since: 860, value: 0.912 },
    ]);
    watch.take({ kind: 'black', rule: '5.10', active: false, ...at(1200) });
    t.strictSame(
      watch.faults().map((f) => f.kind),
      ['dead-air'],
    );
    t.match(notes, [
      { kind: 'frame', rule: '5.10', surface: 'frame', action: 'warn', frame: 810, detail: { kind: 'black' } },
      { kind: 'audio', rule: '5.8', surface: 'speech', action: 'warn', frame: 860, detail: { kind: 'dead-air' } },
      { kind: 'frame', rule: '5.10', action: 'warn-over', frame: 1110 },
    ]);
  });

  t.test('reports an hour of the same picture once, and clears it when the show changes', async (t) => {
    let nowMs = 0;
    const notes: LedgerEntry[] = [];
    let shade = 0;
    const still = async (): Promise<Uint8Array> => {
      const random = seededRandom(1 + shade);
      const blocks = Array.from({ length: 36 }, () => 16 + Math.floor(random() * 220));
      return Uint8Array.from({ length: 96 * 144 }, (_, i) => {
        return blocks[6 * Math.floor(i / 96 / 16) + Math.floor((i % 96) / 16)] ?? 128;
      });
    };
    const watch = new RoomWatch({
      note: (entry: LedgerEntry) => notes.push(entry),
      log: silentLog,
      actions: new RuleActions({}),
      onStop: () => t.fail('unexpected stop'),
      width: 96,
      height: 96,
      still,
      thresholds: duplicateWatch.parse({ stillsShare: 0.9 }),
      frame: () => frameIndex(7),
      now: () => nowMs,
    });
    t.teardown(() => watch.close());
    const minute = async (): Promise<void> => {
      nowMs += 60_000;
      await watch.compare();
    };
    for (let i = 0; i < 40; i += 1) await minute();
    t.match(watch.faults(), [{ kind: 'repeated-picture', rule: '5.7' }]);
    for (let i = 1; i <= 12; i += 1) {
      shade = i;
      await minute();
    }
    t.strictSame(watch.faults(), []);
    t.strictSame(
      notes.map((n) => n.action),
      ['warn', 'warn-over'],
    );
  });

  t.test('ends the show at the first fault of a rule with the action "stop"', async (t) => {
    const notes: LedgerEntry[] = [];
    const stops: string[] = [];
    const watch = new RoomWatch({
      note: (entry: LedgerEntry) => notes.push(entry),
      log: silentLog,
      actions: new RuleActions(actions.parse({ '5.8': { speech: 'stop' }, '5.10': 'stop' })),
      onStop: (rule) => stops.push(rule),
      width: 32,
      height: 32,
      thresholds: duplicateWatch.parse({}),
      still: async () => new Uint8Array(1536),
      frame: () => frameIndex(0),
    });
    t.teardown(() => watch.close());
    const at = { since: frameIndex(60), frame: frameIndex(150), value: 0.5 };
    watch.take({ kind: 'presenter-absent', rule: '5.8', active: true, ...at });
    t.strictSame(stops, [], "the table's action for the picture");
    watch.take({ kind: 'dead-air', rule: '5.8', active: true, ...at });
    t.strictSame(stops, ['5.8']);
    watch.take({ kind: 'silent', rule: '5.10', active: true, ...at });
    t.strictSame(stops, ['5.8', '5.10'], 'sound without an entry in the table follows the picture');
    watch.take({ kind: 'silent', rule: '5.10', active: false, ...at });
    t.equal(stops.length, 2, 'the end of a fault ends nothing');
    t.strictSame(
      notes.map((n) => [n.detail!['kind'], n.action]),
      [
        ['presenter-absent', 'warn'],
        ['dead-air', 'stop'],
        ['silent', 'stop'],
        ['silent', 'warn-over'],
      ],
    );
  });
});

t.test('show health', async (t) => {
  t.test('shows and ends the slate with the stall, and records both', async (t) => {
    let owed = 0;
    const notes: string[] = [];
    const slates: boolean[] = [];
    const health = new ShowHealth({
      owedMs: () => owed,
      slateMs: 60_000,
      note: ({ action }: LedgerEntry) => notes.push(action),
      log: silentLog,
      onSlate: (slate) => slates.push(slate),
    });
    t.teardown(() => health.close());
    for (owed of [0, 6000, 7000, 61_000, 62_000]) health.check();
    t.equal(health.slate, true);
    owed = 0;
    health.check();
    t.equal(health.slate, false);
    t.same(notes, ['show-stalled', 'show-slate', 'show-goes-on']);
    t.same(slates, [true, false]);
    owed = 6000;
    health.check();
    owed = 0;
    health.check();
    t.same(slates, [true, false], 'idling alone shows no slate');
  });
});

t.test('take watch', async (t) => {
  const event = (kind: WatchEvent['kind'], active: boolean): WatchEvent => ({
    kind,
    rule: '5.8',
    active,
    since: frameIndex(10),
    frame: frameIndex(20),
    value: 0,
  });

  /** A room with two fillers; `told` are the events that were recorded. */
  function rig() {
    const rundown = new Rundown(
      scriptSchema.parse({ fillers: ['hm', 'well'], segments: [{ lines: [{ text: 'one' }] }] }),
    );
    const agenda = new Agenda(() => 0);
    const told: WatchEvent[] = [];
    const watch = { take: (e: WatchEvent) => told.push(e), faults: () => told.filter((e) => e.active) };
    const runner = { paused: false };
    const room = { audio: {} };
    const parts = { rundown, agenda, runner, room, log: silentLog, watch } as unknown as Parameters<
      typeof takeWatch
    >[1];
    const waiting = () => agenda.items().map(({ id, text }) => `${id} ${text}`);
    return { agenda, told, runner, waiting, take: (e: WatchEvent) => takeWatch(e, parts) };
  }

  t.test('fills dead air when it begins; only records other faults and its end', async (t) => {
    const { agenda, told, waiting, take } = rig();
    for (const kind of ['silent', 'frozen'] as const) take(event(kind, true));
    t.same(waiting(), []);
    take(event('dead-air', true));
    t.same(waiting(), ['fill-1 hm']);
    take(event('dead-air', true));
    t.same(waiting(), ['fill-1 hm'], 'one at a time');
    agenda.cancel('fill-1');
    take(event('dead-air', false));
    t.same(waiting(), []);
    take(event('dead-air', true));
    t.same(waiting(), ['fill-2 well']);
    t.equal(told.length, 6);
  });

  t.test('neither reports nor fills the silence of a held script', async (t) => {
    const { told, runner, waiting, take } = rig();
    runner.paused = true;
    take(event('dead-air', true));
    take(event('silent', true));
    take(event('frozen', true));
    t.same(waiting(), []);
    runner.paused = false;
    take(event('dead-air', false));
    t.same(
      told.map(({ kind, active }) => [kind, active]),
      [['frozen', true]],
    );
  });
});
