import type { FrameRate } from '../core/time.js';
import type { RoomFile } from './room.js';

/** A room as the engine uses it: checked, complete and frozen, with absolute file references. */
export interface RoomConfig extends Readonly<Omit<RoomFile, '$schema'>> {
  /** Absolute path of the room file, for messages. */
  readonly file: string;
  /** The folder that relative references are resolved against. */
  readonly dir: string;
  readonly rate: FrameRate;
  /** Encoder settings that were lowered to the platforms' limits, in words. */
  readonly encoderLowered: readonly string[];
  /** Absolute path of the ledger. */
  readonly ledgerFile: string;
}

/** The sections of a room that change on air. */
const LIVE = ['products', 'layers', 'audio', 'presenter', 'assistant', 'replies', 'llm'] as const;
export type LiveSections = Pick<RoomConfig, (typeof LIVE)[number]>;

/**
 * A room on air whose products, sound, presenter and answers change. Of its layers only those of people do here: the scene has the others.
 *
 * Problem: dozens of parts hold the room as a frozen object, and each must see a change at once.
 * Rule: they hold `room`, a frozen view whose live sections are read again at each access; a change replaces a whole
 * section, so that anything computed from a section can be kept by its identity.
 */
export class LiveRoomConfig {
  readonly room: RoomConfig;
  private sections: LiveSections;

  constructor(room: RoomConfig) {
    const { products, layers, audio, presenter, assistant, replies, llm } = room;
    this.sections = {
      products,
      layers,
      audio,
      presenter,
      replies,
      llm,
      ...(assistant === undefined ? {} : { assistant }),
    };
    const view = { ...room };
    for (const key of LIVE) {
      // A room has an assistant from its start, or none.
      if (key === 'assistant' && assistant === undefined) continue;
      Object.defineProperty(view, key, { get: () => this.sections[key], enumerable: true, configurable: false });
    }
    this.room = Object.freeze(view);
  }

  set(changes: Partial<LiveSections>): void {
    this.sections = { ...this.sections, ...changes };
  }

  /** The room as it would be with other sections; for judging before they apply. */
  with(changes: Partial<LiveSections>): RoomConfig {
    return { ...this.room, ...changes };
  }
}
