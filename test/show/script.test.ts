import t from 'tap';
import { script as scriptSchema } from '../../src/config/sections/script.js';
import { frameIndex } from '../../src/core/time.js';
import type { LineRequest } from '../../src/show/agenda/agenda.js';
import { givesWay, plan, type ShowLines } from '../../src/show/plan.js';
import { Rundown, type RundownLine } from '../../src/show/rundown.js';
import { replaceLine, segmentOf, withIds } from '../../src/show/script/live-script.js';
import { showRig } from './show-rig.js';

t.test('script control', async (t) => {
  const FIRST = 'The lid is made of light oak. It is dry.';
  const LINES = [FIRST, 'The base is steel.', 'It weighs one kilo.'];
  const names = (rig: ReturnType<typeof showRig>): string[] => rig.heard().map((one) => one.split(' ')[0]!);

  t.test('holds the script after the line on air, speaks other lines, and goes on', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const paused = rig.runner.pause();
    await rig.settle();
    await paused;
    t.equal(rig.runner.paused, true);
    await rig.to(600);
    t.same(names(rig), ['s0.0.0']);
    t.equal(rig.runner.owedFrames(frameIndex(600)), 0, 'nothing is due');
    await rig.add({ kind: 'reply', text: 'Yes, we have it.' });
    await rig.to(700);
    t.same(names(rig), ['s0.0.0', 'reply-1']);
    const resumed = rig.runner.resume();
    await rig.settle();
    await resumed;
    t.equal(rig.runner.owedFrames(frameIndex(701)), 0);
    t.same(rig.heard().slice(2), ['s0.0.1 712', 's0.0.2 724']);
  });

  t.test('goes on with the rest of a cut script line only when the script does', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    void rig.runner.pause();
    await rig.add({ kind: 'operator', text: 'Stop here.', interrupt: true });
    await rig.to(200);
    t.same(names(rig), ['s0.0.0', 'say-1']);
    void rig.runner.resume();
    await rig.to(300);
    t.same(names(rig), ['s0.0.0', 'say-1', 's0.0.0~1', 's0.0.1', 's0.0.2']);
  });

  t.test('skips to the end of the sentence, or cuts at once', async (t) => {
    const rig = showRig(t, LINES, { script: { gapMs: 300 } });
    await rig.to(36);
    const skipped = rig.runner.skip(false);
    await rig.settle();
    t.equal((await skipped)?.id, 's0.0.0');
    t.match(rig.cuts().at(-1), { id: 's0.0.0', atFrame: 51, atSample: 48_000 + 7 * 4800 });
    t.same(rig.heard(), ['s0.0.0 30', `s0.0.1 ${52 + 9}`, `s0.0.2 ${61 + 12 + 9}`]);
    await rig.to(63);
    const atOnce = rig.runner.skip(true);
    await rig.settle();
    t.equal((await atOnce)?.id, 's0.0.1');
    t.match(
      rig
        .cuts()
        .filter(({ id }) => id === 's0.0.1')
        .at(-1),
      { atFrame: 65, fadeSamples: 3200 },
    );
    await rig.to(200);
    t.same(names(rig), ['s0.0.0', 's0.0.1', 's0.0.2'], 'a skipped line does not come again');
    const nothing = rig.runner.skip(true);
    await rig.settle();
    t.equal(await nothing, undefined);
  });

  t.test('jumps after the line on air, or at once', async (t) => {
    const script = {
      segments: [
        { id: 'a', lines: LINES.map((text) => ({ text })) },
        { id: 'b', lines: [{ id: 'bye', text: 'Bye now.' }] },
      ],
    };
    const rig = showRig(t, [], { script });
    await rig.to(36);
    void rig.runner.jump({ segment: 1, line: 0 }, false);
    await rig.settle();
    t.same(rig.heard(), ['s0.0.0 30', 's0.1.0 60']);
    void rig.runner.jump({ segment: 0, line: 2 }, true);
    await rig.to(120);
    t.match(rig.cuts().at(-1), { id: 's0.0.0', atFrame: 41 });
    t.same(names(rig), ['s0.0.0', 's1.0.2', 's1.1.0'], 'a jump back begins another round');
  });

  t.test('remakes lines that an edit changes, and keeps the others', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const { content } = rig.rundown.script;
    const changed = { ...segmentOf(content, 'segment-1').lines[2]!, text: 'It weighs two kilos.' };
    void rig.runner.edit(replaceLine(content, 'segment-1', changed));
    await rig.to(120);
    t.same(
      rig.speaks().map(({ id }) => id),
      ['s0.0.0', 's0.0.1', 's0.0.2', 's0.0.1', 's0.0.2e1'],
    );
    t.same(rig.spokenLines, [...LINES, 'It weighs two kilos.'], 'the unchanged line keeps its sound');
    t.equal(rig.rundown.script.revision, 1);
  });

  t.test('goes on after a removed line, and with a line added to a script that had ended', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const { content } = rig.rundown.script;
    const [segment] = content.segments;
    void rig.runner.edit({ ...content, segments: [{ ...segment!, lines: [segment!.lines[0]!, segment!.lines[2]!] }] });
    await rig.to(200);
    t.same(names(rig), ['s0.0.0', 's0.0.1e1']);
    t.equal(rig.spokenLines.at(-1), LINES[2]);
    const more = withIds([{ id: 'more', lines: [{ text: 'Bye now.', variants: [], gesture: 'none' }] }]);
    void rig.runner.edit({
      ...rig.rundown.script.content,
      segments: [...rig.rundown.script.content.segments, ...more],
    });
    await rig.to(300);
    t.equal(names(rig).at(-1), 's0.1.0e2');
  });

  t.test('drops a line of the agenda that has not begun, also a scheduled one', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const a = await rig.add({ kind: 'reply', text: 'Yes, we have it.' });
    t.same(names(rig), ['s0.0.0', 'reply-1', 's0.0.1', 's0.0.2']);
    const done = rig.runner.withdraw(a!.id);
    await rig.settle();
    t.equal(await done, true);
    t.same(names(rig), ['s0.0.0', 's0.0.1', 's0.0.2']);
    const script = rig.runner.withdraw('s0.0.1');
    await rig.settle();
    t.equal(await script, false);
  });

  t.test('knows the script line to resume at while another line is spoken', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    await rig.add({ kind: 'operator', text: 'One moment please.', interrupt: true });
    const line = rig.runner.scriptLineAt(frameIndex(42))!;
    t.same(line.position, { round: 0, segment: 0, line: 0 });
    t.equal(line.scripted?.wording, FIRST, 'the whole wording identifies it after a restart');
  });

  t.test('speaks again the lines that are not scheduled yet when another person takes over', async (t) => {
    const { runner, to, command, spokenLines, heard } = showRig(
      t,
      Array.from({ length: 12 }, (_, i) => `Line ${i} of the show today.`),
    );
    await to(31);
    const prepared = spokenLines.at(-1)!;
    const placed = heard().length;
    await command(Promise.resolve(runner.revoice()));
    await to(60);
    t.equal(spokenLines.filter((text) => text === prepared).length, 2, `"${prepared}" was ready in the former voice`);
    t.same(
      heard()
        .slice(0, placed + 1)
        .map((one) => one.split(' ')[0]),
      Array.from({ length: placed + 1 }, (_, i) => `s0.0.${i}`),
      'scheduled ones stay, and none is lost',
    );
  });

  t.test('rests when every line of the script is refused, instead of trying them without end', async (t) => {
    const rig = showRig(t, ['buy '.repeat(200)], { script: { loop: true } });
    await rig.to(90);
    t.same(rig.speaks(), []);
    const refused = rig.notes.filter(({ action }) => action === 'skip').length;
    t.ok(refused >= 10 && refused <= 24, `${refused} refusals`);
  });

  t.test('drops the rest of a cut line that an edit removes', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    void rig.runner.pause();
    await rig.add({ kind: 'operator', text: 'Stop here.', interrupt: true });
    await rig.to(200);
    const { content } = rig.rundown.script;
    const [segment] = content.segments;
    const edited = rig.runner.edit({ ...content, segments: [{ ...segment!, lines: segment!.lines.slice(1) }] });
    await rig.settle();
    await edited;
    void rig.runner.resume();
    await rig.to(300);
    t.notOk(
      names(rig).some((one) => one.startsWith('s0.0.0~')),
      names(rig).join(' '),
    );
  });

  t.test('lets another person take over behind the line on air, and begins no line before', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const changed = rig.runner.changePerson(() => frameIndex(40));
    await rig.settle();
    const at = await changed;
    const [first] = rig.speaks();
    t.ok(at >= first!.startFrame + 9 * 3, `frame ${at}, behind the line on air`);
    await rig.add({ kind: 'operator', text: 'Stop here.', interrupt: true });
    await rig.to(300);
    const after = rig.speaks().filter(({ startFrame }) => startFrame > first!.startFrame);
    const kept = after.filter(({ id }) => !rig.cuts().some((cut) => cut.id === id && cut.atFrame <= 60));
    t.ok(
      kept.every(({ startFrame }) => startFrame >= at),
      rig.heard().join(', '),
    );
    t.equal(rig.cuts().filter(({ id }) => id === first!.id).length, 0, 'nothing cuts the line on air');
    t.ok(names(rig).includes('say-1'), 'the interrupting line comes after the change');
  });

  t.test('cuts the line on air for another person where nobody listens', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const changed = rig.runner.changePerson(() => frameIndex(40), true);
    await rig.settle();
    const at = await changed;
    const [first] = rig.speaks();
    const cut = rig.cuts().find(({ id }) => id === first!.id);
    t.ok((cut?.atFrame ?? Infinity) <= at, 'the line on air is cut before');
    t.ok(at >= 40 && at < first!.startFrame + 9 * 3, `frame ${at}, before the line would have ended`);
    await rig.to(300);
    t.ok(
      rig.speaks().some(({ startFrame }) => startFrame >= at),
      'the show goes on',
    );
  });
});

t.test('script wordings', async (t) => {
  const say = (rundown: Rundown, lines: number): string[] => Array.from({ length: lines }, () => rundown.next()!.text);

  t.test('does not say a wording again that another line has just said', async (t) => {
    const ask = ['Any questions?', 'Ask me.', 'Write to me.', 'What is unclear?'];
    const line = (from: number) => {
      const [text, ...variants] = [...ask.slice(from), ...ask.slice(0, from)];
      return { text: text!, variants };
    };
    // By the number of the round the first and the second would share each wording, two lines apart.
    const rundown = new Rundown(scriptSchema.parse({ segments: [{ lines: [line(0)] }, { lines: [line(0)] }] }));
    t.same(new Set(say(rundown, 4)).size, 4);
    const again = say(rundown, 8);
    t.same(again.slice(0, 4), again.slice(4), 'then each after three others');
  });

  t.test('has the same wording when the plan is taken back and comes again', async (t) => {
    const rundown = new Rundown(
      scriptSchema.parse({ segments: [{ lines: [{ text: 'a', variants: ['b', 'c'] }, { text: 'd' }] }] }),
    );
    const position = rundown.position();
    const first = say(rundown, 3);
    rundown.restore(position);
    t.same(say(rundown, 3), first);
  });

  t.test('says added wordings before any that were said, and those in turn afterwards', async (t) => {
    const rundown = new Rundown(scriptSchema.parse({ segments: [{ lines: [{ text: 'a', variants: ['b'] }] }] }));
    const added: string[] = [];
    rundown.wordings.added = { of: () => added };
    t.same(say(rundown, 2), ['a', 'b']);
    added.push('c', 'd');
    t.same(new Set(say(rundown, 2)), new Set(['c', 'd']));
    t.same(say(rundown, 2), ['a', 'b']);
  });

  t.test('an edited line begins with its own text', async (t) => {
    const rundown = new Rundown(scriptSchema.parse({ segments: [{ id: 's', lines: [{ id: 'l', text: 'a' }] }] }));
    t.equal(rundown.next()!.text, 'a');
    const { content } = rundown.script;
    rundown.replace({
      ...content,
      segments: [{ ...content.segments[0]!, lines: [{ ...content.segments[0]!.lines[0]!, text: 'z' }] }],
    });
    t.equal(rundown.next()!.text, 'z');
  });
});

t.test('rundown', async (t) => {
  const script = (loop: boolean) =>
    scriptSchema.parse({
      loop,
      segments: [
        { product: 'a', lines: [{ text: 'one' }, { text: 'two', caption: '' }] },
        { lines: [{ text: 'three', language: 'fr' }] },
      ],
    });

  t.test('returns lines in order, with ids unique over all rounds', async (t) => {
    const rundown = new Rundown(script(true));
    const ids = Array.from({ length: 7 }, () => rundown.next()!.id);
    t.same(ids, ['s0.0.0', 's0.0.1', 's0.1.0', 's1.0.0', 's1.0.1', 's1.1.0', 's2.0.0']);
  });

  t.test('defaults captions to the text, and shows no product for a segment without one', async (t) => {
    const rundown = new Rundown(script(false));
    t.match(rundown.next(), { caption: 'one', product: 'a', kind: 'script' });
    t.match(rundown.next(), { caption: '' });
    t.match(rundown.next(), { language: 'fr', product: null });
    t.equal(rundown.next(), undefined, 'a script that does not loop ends');
  });

  t.test('resumes at the position of an earlier run, with fallbacks for a missing one', async (t) => {
    const rundown = new Rundown(script(true));
    rundown.resumeAt({ round: 4, segment: 0, line: 1 });
    t.equal(rundown.next()!.id, 's4.0.1');
    rundown.resumeAt({ round: 4, segment: 9, line: 9 });
    t.equal(rundown.next()!.id, 's4.0.0');
  });

  t.test('rotates the variants of a line each round, with a matching caption', async (t) => {
    const rundown = new Rundown(
      scriptSchema.parse({
        segments: [
          {
            lines: [
              { text: 'one', caption: 'ONE', variants: ['uno', 'un'] },
              { text: 'two', caption: '', variants: ['dos'] },
            ],
          },
        ],
      }),
    );
    const said = Array.from({ length: 8 }, () => rundown.next()!).map(({ text, caption }) => `${text}/${caption}`);
    t.same(said, ['one/ONE', 'two/', 'uno/uno', 'dos/', 'un/un', 'two/', 'one/ONE', 'dos/']);
  });

  t.test('returns fillers in turn, none for a script without any', async (t) => {
    const line = { text: 'one' };
    const rundown = new Rundown(
      scriptSchema.parse({ loop: false, fillers: ['hm', 'well'], segments: [{ lines: [line] }] }),
    );
    t.same([rundown.filler(), rundown.filler(), rundown.filler()], ['hm', 'well', 'hm']);
    t.equal(new Rundown(script(true)).filler(), undefined);
  });

  t.test('begins another round with a jump back, and none with one ahead', async (t) => {
    const rundown = new Rundown(script(true));
    rundown.next();
    rundown.jump({ segment: 1, line: 0 });
    t.equal(rundown.next()!.id, 's0.1.0');
    rundown.next();
    rundown.next();
    rundown.jump({ segment: 0, line: 1 });
    t.equal(rundown.next()!.id, 's2.0.1');
  });
});

t.test('plan', async (t) => {
  const UNTIL = 60;

  const line = (id: string, kind: RundownLine['kind'] = 'script', first = false) =>
    ({ id, kind, position: { round: 0, segment: 0, line: first ? 0 : 1 } }) as unknown as RundownLine;

  /** A scheduled line; before it the schedule was free where it begins. */
  function placed(one: RundownLine, startFrame: number, endFrame: number) {
    const schedule = { cursor: startFrame, free: startFrame };
    return { line: one, slot: { startFrame, endFrame }, ready: { line: one }, before: { schedule } } as never;
  }

  const asks = (kind: LineRequest['kind'], more: Partial<LineRequest> = {}): LineRequest => ({
    kind,
    text: 'x',
    ...more,
  });

  const show = (more: Partial<ShowLines> = {}): ShowLines => ({
    placed: [],
    schedule: { cursor: 30, free: 30 },
    returned: [],
    urgent: undefined,
    script: 'ready',
    held: false,
    resting: false,
    personFrame: 0,
    inARow: 0,
    maxInARow: 3,
    owed: undefined,
    ...more,
  });
  const step = (more: Partial<ShowLines>, reach = 10) => plan(show(more), { reach, until: UNTIL });

  t.test('schedules the script until enough is scheduled', async (t) => {
    t.same(step({}), { do: 'place-script' });
    t.same(step({ schedule: { cursor: 60, free: 60 } }), { do: 'wait' });
    t.same(step({ held: true }), { do: 'wait' }, 'the operator holds it');
    t.same(step({ resting: true }), { do: 'wait' });
    t.same(step({ script: 'none' }), { do: 'end' });
    t.same(step({ script: 'preparing' }), { do: 'place-script' }, 'whoever places it waits for it');
  });

  t.test('puts an interrupting line first, but not before another person has taken over', async (t) => {
    const urgent = { request: asks('operator', { interrupt: true }), progress: 'ready' } as const;
    const returned = [{ line: line('a~1') }];
    t.same(step({ urgent, returned, schedule: { cursor: 90, free: 90 } }), { do: 'cut-in' });
    t.same(step({ urgent: { ...urgent, progress: 'refused' }, returned }), { do: 'settle' });
    t.same(step({ urgent: { ...urgent, progress: 'preparing' }, returned }), { do: 'place-returned', index: 0 });
    t.same(step({ urgent, personFrame: 11 }), { do: 'place-script' });
  });

  t.test('says the rest of a cut line before the agenda, and a held script line not at all', async (t) => {
    const urgent = { request: asks('reply'), progress: 'ready' } as const;
    const returned = [{ line: line('a~1') }, { line: line('say-1', 'operator') }];
    t.same(step({ urgent, returned }), { do: 'place-returned', index: 0 });
    t.same(step({ urgent, returned, held: true }), { do: 'place-returned', index: 1 });
    const far = { cursor: 90, free: 90 };
    t.same(step({ returned, schedule: far, placed: [placed(line('say-2', 'operator'), 0, 90)] }), { do: 'wait' });
    t.same(
      step({ returned, schedule: far, placed: [placed(line('b'), 40, 90)] }).do,
      'place-returned',
      'the script yields',
    );
  });

  t.test('puts the agenda before script lines that have not begun', async (t) => {
    const urgent = { request: asks('reply'), progress: 'ready' } as const;
    const far = { cursor: 90, free: 90 };
    t.same(step({ urgent, schedule: far, placed: [placed(line('a'), 0, 40), placed(line('b'), 40, 90)] }), {
      do: 'place-urgent',
    });
    t.same(
      step({ urgent, schedule: far, placed: [placed(line('a'), 0, 90)] }),
      { do: 'wait' },
      'a line on air ends first',
    );
    t.same(step({ urgent: { ...urgent, progress: 'preparing' } }), { do: 'place-script' });
    t.same(step({ urgent: { ...urgent, progress: 'refused' } }), { do: 'settle' });
  });

  t.test('gives a due script line its turn after enough lines for viewers', async (t) => {
    const urgent = { request: asks('reply'), progress: 'ready' } as const;
    t.same(step({ urgent, inARow: 3 }), { do: 'place-script' });
    t.same(step({ urgent, inARow: 2 }), { do: 'place-urgent' });
    t.same(step({ urgent, inARow: 3, held: true }), { do: 'place-urgent' }, 'a held script has no turn');
    t.same(step({ urgent: { request: asks('operator'), progress: 'ready' }, inARow: 3 }), { do: 'place-urgent' });
    const more = { request: asks('reply', { continues: true }), progress: 'ready' } as const;
    t.same(step({ urgent: more, inARow: 3 }), { do: 'place-urgent' }, 'an answer goes on');
  });

  t.test('says a filler only where the script has nothing', async (t) => {
    const urgent = { request: asks('filler'), progress: 'ready' } as const;
    t.same(step({ urgent }), { do: 'place-script' });
    t.same(step({ urgent, script: 'preparing' }), { do: 'place-urgent' });
    t.same(step({ urgent, script: 'none' }), { do: 'place-urgent' });
  });

  t.test('takes back from a segment on for a line that waits for its end', async (t) => {
    const lines = [
      placed(line('a'), 20, 30),
      placed(line('b', 'script', true), 30, 40),
      placed(line('c'), 40, 50),
    ] as never[];
    const may = givesWay(asks('timed', { after: 'segment' }), { owed: undefined, placed: lines }, 10);
    t.same(lines.map(may), [false, true, true]);
    const owed = line('b');
    const others = [placed(owed, 30, 40), placed(line('c'), 40, 50)] as never[];
    t.same(
      others.map(givesWay(asks('reply'), { owed, placed: others }, 10)),
      [false, true],
      'whose turn has come stays',
    );
    t.same(others.map(givesWay(asks('operator'), { owed, placed: others }, 10)), [true, true]);
  });
});
