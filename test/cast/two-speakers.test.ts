import t from 'tap';
import type { RoomConfig } from '../../src/config/room-config.js';
import { sampleIndex, frameIndex } from '../../src/core/time.js';
import { speakCommands } from '../../src/show/placing/line-placer.js';
import type { ReadyLine, ShowCommand } from '../../src/show/show-command.js';
import { takeShowCommand } from '../../src/loop/show-taker.js';
import { rate } from '../avatar/presenter-rig.js';

type Parts = Parameters<typeof takeShowCommand>[1];
const slot = {
  startFrame: frameIndex(30),
  startSample: sampleIndex(48_000),
  endSample: sampleIndex(96_000),
  endFrame: frameIndex(60),
  productFrame: undefined,
  moved: false,
};
const ready = (role: 'host' | 'assistant'): Pick<ReadyLine, 'line' | 'utterance' | 'speech'> =>
  ({
    line: { id: 'a', role, text: 'Is it light?', gesture: 'wave', judgedAs: 'speech' },
    utterance: { pcm: new Float32Array(48_000), phonemes: [], words: [], loudnessLufs: -20 },
    speech: { verdict: 'allow' },
  }) as unknown as Pick<ReadyLine, 'line' | 'utterance' | 'speech'>;
const roomWith = (assistant: object | undefined): RoomConfig =>
  ({ rate, assistant, compliance: { mutedSound: 'silence' } }) as unknown as RoomConfig;

/** Who gets what of the commands of a line. */
function taken(commands: readonly ShowCommand[]): string[] {
  const calls: string[] = [];
  const person = (name: string) => ({
    speak: () => calls.push(`${name} speaks`),
    gesture: () => calls.push(`${name} moves`),
    cut: () => calls.push(`${name} stops`),
  });
  const parts = {
    presenter: person('host'),
    assistant: person('second'),
    mixer: { schedule: () => calls.push('sound'), cancel: () => undefined },
  };
  for (const command of commands) takeShowCommand(command, parts as unknown as Parts);
  return calls;
}

t.test('moves the mouth and arms of the one who speaks', async (t) => {
  const room = roomWith({ pack: '/packs/marco', voice: {} });
  t.same(taken(speakCommands(ready('assistant'), slot, [], room)), ['sound', 'second speaks', 'second moves']);
  t.same(taken(speakCommands(ready('host'), slot, [], room)), ['sound', 'host speaks', 'host moves']);
  const [speak] = speakCommands(ready('assistant'), slot, [], room);
  t.ok(speak?.type === 'speak' && speak.mouth.viseme.length > 0 && speak.acting!.smileFrames > 0);
});

t.test('moves nobody for an assistant that is only a voice, and the host where there is none', async (t) => {
  t.same(taken(speakCommands(ready('assistant'), slot, [], roomWith({ voice: {} }))), ['sound']);
  t.same(taken(speakCommands(ready('assistant'), slot, [], roomWith(undefined))), [
    'sound',
    'host speaks',
    'host moves',
  ]);
});
