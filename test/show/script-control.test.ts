import t from 'tap';
import { frameIndex } from '../../src/core/time.js';
import { withIds } from '../../src/show/script/live-script.js';
import { replaceLine, segmentOf } from '../../src/show/script/edit-script.js';
import { showRig } from './show-rig.js';

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

t.test('makes lines anew that an edit changes, and keeps the others', async (t) => {
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
  void rig.runner.edit({ ...rig.rundown.script.content, segments: [...rig.rundown.script.content.segments, ...more] });
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

t.test('speaks the lines that are not scheduled yet anew when another person takes over', async (t) => {
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
