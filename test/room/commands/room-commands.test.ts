import t from 'tap';
import { frameIndex } from '../../../src/core/time.js';
import { REPLACE_CAUSES, type ReplaceCause } from '../../../src/core/verdict.js';
import { LoopBoard, newLoopBoardBuffers } from '../../../src/loop/loop-board.js';
import { RoomCommands } from '../../../src/room/commands/room-commands.js';

function rig() {
  const board = new LoopBoard(newLoopBoardBuffers());
  const sent: object[] = [];
  const noted: object[] = [];
  const kept: boolean[][] = [];
  const risk = {
    atLimit: false,
    score: 2.5,
    clear(): number {
      const before = this.score;
      Object.assign(this, { atLimit: false, score: 0 });
      return before;
    },
  };
  const words = { holding: false };
  const secondOpinion = { holding: false };
  const show = { stalled: false, frame: 100 };
  const parts = {
    loop: { board, send: (message: object) => sent.push(message) },
    ledger: { append: (entry: object) => noted.push(entry) },
    resume: { muted: false, blanked: false, saveCommands: (...state: boolean[]) => kept.push(state) },
    risk,
    words,
    secondOpinion,
  } as unknown as ConstructorParameters<typeof RoomCommands>[0];
  const commands = new RoomCommands(
    parts,
    () => show.stalled,
    () => frameIndex(show.frame),
  );
  const left = (cause?: ReplaceCause): void =>
    board.set('slateCause', cause === undefined ? 0 : REPLACE_CAUSES.indexOf(cause) + 1);
  return { commands, risk, words, secondOpinion, show, sent, noted, kept, left };
}

t.test('sends each reason for the slate to the loop and reports it', async (t) => {
  const { commands, risk, words, secondOpinion, show, sent } = rig();
  t.same(commands.slate, []);
  show.stalled = true;
  commands.apply();
  t.match(sent.at(-1), { blanked: false, risk: false, hold: 'stalled' });
  secondOpinion.holding = true;
  words.holding = true;
  commands.apply();
  t.match(sent.at(-1), { blanked: false, risk: false, hold: 'words' });
  t.same(commands.slate, ['words', 'codes', 'stalled']);
  risk.atLimit = true;
  commands.blank();
  t.match(sent.at(-1), { blanked: true, risk: true, hold: 'words' });
  t.same(commands.slate, ['operator', 'risk', 'words', 'codes', 'stalled']);
  commands.resume();
  t.match(sent.at(-1), { blanked: false, risk: false, hold: 'words' });
  t.same(commands.slate, ['words', 'codes', 'stalled'], 'reasons that no person lifts stay and are reported');
});

t.test('reports withheld frames and a dump while they leave as the slate', async (t) => {
  const { commands, left } = rig();
  left('violation');
  t.same(commands.slate, ['violation']);
  t.same(commands.standing, [], 'over by itself after a moment');
  left('hold-time');
  t.same(commands.slate, ['hold-time']);
  commands.blank();
  left('operator');
  t.same(commands.slate, ['operator']);
  commands.resume();
  t.same(commands.slate, [], 'an older frame does not contradict the answer');
  left('dumped');
  t.same(commands.slate, ['dumped']);
  left();
  t.same(commands.slate, []);
});

t.test('does not clear the risk when unmuting', async (t) => {
  const { commands, risk, noted, kept } = rig();
  commands.mute();
  commands.blank();
  commands.resume({ mute: true });
  t.same(kept.at(-1), [false, true]);
  t.match(noted.at(-1), { kind: 'operator', action: 'resume', detail: { what: 'mute' } });
  commands.resume({ mute: false });
  t.same(kept.at(-1), [false, true], 'without a name nothing is undone');
  commands.resume();
  t.same(kept.at(-1), [false, false]);
  t.equal(risk.score, 2.5, 'the room was not held for it');
  t.strictSame(noted.at(-1), { kind: 'operator', action: 'resume', frame: 100 });
  risk.atLimit = true;
  commands.mute();
  commands.resume({ mute: true });
  t.equal(risk.score, 2.5);
  t.same(commands.slate, ['risk']);
  commands.resume();
  t.equal(risk.score, 0, 'held for it: a person resumes the room');
  t.match(noted.at(-1), { detail: { clearedRisk: 2.5 } });
  risk.score = 1;
  commands.resume({ risk: true });
  t.equal(risk.score, 0, 'or names it');
});
