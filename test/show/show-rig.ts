import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Test } from 'tap';
import { LiveRoomConfig } from '../../src/config/room-config.js';
import { loadRoom } from '../../src/config/load-room.js';
import type { Layer } from '../../src/config/sections/layer.js';
import { silentLog } from '../../src/core/log.js';
import type { WordTiming } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { Agenda, type LineRequest } from '../../src/show/agenda/agenda.js';
import { SegmentChoice, Rundown } from '../../src/show/rundown.js';
import type { ShowCommand, ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import { spokenText } from '../../src/speech/spoken-text.js';
import { templateRoom } from '../kit/on-air.js';

/** Every word takes three frames at 30 fps. */
export const FRAMES_PER_WORD = 3;
const SAMPLES_PER_WORD = 4800;
const HORIZON_FRAMES = 60;

export type Speak = Extract<ShowCommand, { type: 'speak' }>;
export type Cut = Extract<ShowCommand, { type: 'cut' }>;

/** Words of equal length, one after the other; each sample holds the number of its word. */
function spoken(text: string): { pcm: Float32Array; words: WordTiming[] } {
  const words = [...text.matchAll(/\S+/g)].map((m, i) => ({
    text: m[0],
    startChar: m.index,
    endChar: m.index + m[0].length,
    startSample: i * SAMPLES_PER_WORD,
    endSample: (i + 1) * SAMPLES_PER_WORD,
    exact: true,
  }));
  const pcm = new Float32Array(new SharedArrayBuffer(words.length * SAMPLES_PER_WORD * 4));
  for (let i = 0; i < words.length; i += 1) pcm.fill(i + 1, i * SAMPLES_PER_WORD, (i + 1) * SAMPLES_PER_WORD);
  return { pcm, words };
}

/** Loading takes seconds, and it keeps nothing of a show. */
let judge: TextJudge | undefined;

export interface RigOptions {
  readonly script?: Record<string, unknown>;
  readonly room?: Record<string, unknown>;
  /** The voice takes about as long to make a line as to say it. */
  readonly isSlowVoice?: boolean;
  /** Resolves when the line may be ready. */
  readonly slow?: (text: string) => Promise<void> | undefined;
}

/** A show whose clock the test moves, with a voice that speaks a word in a tenth of a second. */
export function showRig(t: Test, lines: readonly (string | Record<string, unknown>)[], options: RigOptions = {}) {
  const file = join(t.testdir(), 'room.json');
  const script = {
    loop: false,
    gapMs: 0,
    segments: [{ lines: lines.map((line) => (typeof line === 'string' ? { text: line } : line)) }],
    ...options.script,
  };
  writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), ...options.room, script }));
  const live = new LiveRoomConfig(loadRoom(file));
  const { room } = live;
  const actions = new RuleActions({});
  let now = 0;
  const sent: ShowCommand[] = [];
  const spokenLines: string[] = [];
  const takes: number[] = [];
  const notes: LedgerEntry[] = [];
  const captions: { text: string; startFrame: number }[] = [];
  const cleared: number[] = [];
  const stage: string[] = [];
  const shotCuts: string[] = [];
  const agenda = new Agenda(() => (now * 1000) / 30);
  const rundown = new Rundown(room.script, room.layers, new SegmentChoice(room));
  const parts = {
    room,
    judge: (judge ??= new TextJudge({ actions })),
    actions,
    agenda,
    rundown,
    speech: {
      spoken: spokenText,
      isSlow: () => options.isSlowVoice === true,
      speak: async ({ text, id, language, seed }: { text: string; id: string; language: string; seed?: number }) => {
        await options.slow?.(text);
        takes.push(seed ?? 0);
        spokenLines.push(text);
        return { id, text, language, voice: 'v', ...spoken(text), loudnessLufs: -16, phonemes: [] };
      },
    },
    scene: {
      hasBeside: true,
      cut: (fromFrame: number, shots: readonly { shot: string; atFrame: number }[]) => {
        shotCuts.push(...shots.map(({ shot, atFrame }) => `${shot} ${atFrame}`));
        if (shots.length === 0) shotCuts.push(`none from ${fromFrame}`);
        return EMPTY_UPDATE;
      },
      product: async () => EMPTY_UPDATE,
      caption: async (cue: { text: string; startFrame: number }) => {
        captions.push({ text: cue.text, startFrame: cue.startFrame });
        return EMPTY_UPDATE;
      },
      clearCaption: (frame: number) => {
        cleared.push(frame);
        return EMPTY_UPDATE;
      },
    },
    stage: {
      show: async (layer: Layer, atFrame: number, isWanted: () => boolean) => {
        await setImmediate();
        if (!isWanted()) throw new Error('not wanted');
        stage.push(`show ${layer.id} ${atFrame}`);
      },
      hide: (id: string, atFrame: number) => void stage.push(`hide ${id} ${atFrame}`),
    },
    log: silentLog,
    send: (command: ShowCommand) => void sent.push(command),
    ledger: (e: LedgerEntry) => notes.push(e),
  } as unknown as ShowParts;
  const runner = new ShowRunner(parts, new AbortController().signal);
  /** Plans until nothing more happens at this frame. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 4; i += 1) {
      await runner.planUntil(now + HORIZON_FRAMES, () => frameIndex(now));
      await setImmediate();
    }
  };
  const to = async (frame: number): Promise<void> => {
    while (now < frame) {
      now = Math.min(frame, now + 3);
      await runner.planUntil(now + HORIZON_FRAMES, () => frameIndex(now));
      await setImmediate();
    }
    await settle();
  };
  const speaks = (): Speak[] => sent.filter((one): one is Speak => one.type === 'speak');
  const cuts = (): Cut[] => sent.filter((one): one is Cut => one.type === 'cut');
  return {
    room,
    live,
    runner,
    agenda,
    rundown,
    sent,
    notes,
    captions,
    cleared,
    stage,
    /** Cuts between shots, as the scene was asked for them. */
    shotCuts,
    spokenLines,
    /** Seeds of the spoken lines, one each. */
    takes,
    speaks,
    cuts,
    settle,
    to,
    frame: () => now,
    /** Adds a line and plans at the same frame. */
    add: async (request: LineRequest) => {
      const added = agenda.add(request);
      await settle();
      return added;
    },
    /** Runs a command of the operator. */
    command: async <T>(run: Promise<T>): Promise<T> => {
      await settle();
      return run;
    },
    /** Starts of the lines that are heard, by id, without those that were taken back. */
    heard: (): string[] => {
      const lost = new Set(cuts().filter((c) => c.atFrame <= c.startFrame));
      const gone = (s: Speak): boolean =>
        [...lost].some((c) => c.id === s.id && c.startFrame === s.startFrame && sent.indexOf(c) > sent.indexOf(s));
      return speaks()
        .filter((s) => !gone(s))
        .map((s) => `${s.id} ${s.startFrame}`);
    },
  };
}

/** The numbers of the words that can be heard. */
export function audible({ pcm, mutes }: Speak): number[] {
  const words: number[] = [];
  for (let at = 0; at < pcm.length; at += SAMPLES_PER_WORD) {
    const isMuted = mutes.some((m) => m.startSample < at + SAMPLES_PER_WORD && m.endSample > at);
    if (!isMuted) words.push(pcm[at]!);
  }
  return words;
}
