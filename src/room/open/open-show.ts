import { readPackVoices } from '../../avatar/presenter-pack.js';
import type { RoomConfig } from '../../config/room-config.js';
import { Agenda } from '../../show/agenda/agenda.js';
import { findLine, type LineMark } from '../../show/line-mark.js';
import { Rundown } from '../../show/rundown.js';
import { SegmentChoice } from '../../show/products/segment-choice.js';
import { LiveVoices } from '../../show/live-voices.js';
import { lineVoice } from '../../show/line-voice.js';
import type { ShowParts } from '../../show/show-parts.js';
import { ShowRunner } from '../../show/show-runner.js';

export interface OpenShowOptions extends Omit<ShowParts, 'rundown' | 'agenda' | 'voices'> {
  /** The line at which the script resumes; null starts at its beginning. */
  readonly resumeAt: LineMark | null;
  /** Speech starts after the pictures: the voice is not tried now. */
  readonly fastStart: boolean;
  /** Resolves when speech is ready. */
  readonly speaking: Promise<unknown>;
  /** Aborts the show. */
  readonly stop: AbortSignal;
}

export interface Show {
  readonly voices: LiveVoices;
  /** Voices of the assistant's own pack; empty without one. */
  readonly assistantVoices: LiveVoices;
  readonly rundown: Rundown;
  readonly agenda: Agenda;
  readonly runner: ShowRunner;
}

/** Tries the room's voice and prepares the script. The first line is judged and spoken while the pictures load. */
export async function openShow({ resumeAt, fastStart, speaking, stop, ...parts }: OpenShowOptions): Promise<Show> {
  const { room, speech } = parts;
  const live = new LiveVoices(await readPackVoices(room.presenter.pack));
  const { voices } = live;
  const pack = room.assistant?.pack;
  const assistantVoices = new LiveVoices(pack === undefined ? {} : await readPackVoices(pack));
  if (!fastStart) {
    await speaking;
    const { language, voice, provider } = lineVoice(room, voices, undefined);
    await speech.voiceFor(language, voice, provider);
  }
  const rundown = rundownOf(room, resumeAt);
  const agenda = new Agenda(() => performance.now());
  const runner = new ShowRunner({ ...parts, rundown, agenda, voices, assistantVoices: assistantVoices.voices }, stop);
  if (!fastStart) runner.prime();
  return { voices: live, assistantVoices, rundown, agenda, runner };
}

function rundownOf(room: RoomConfig, resumeAt: LineMark | null): Rundown {
  const { script, layers } = room;
  const rundown = new Rundown(script, layers, new SegmentChoice(room));
  if (resumeAt !== null) rundown.resumeAt(findLine(script, resumeAt));
  return rundown;
}
