import type { Light, Daylight } from '../../config/sections/daylight.js';
import type { RoomConfig } from '../../config/room-config.js';
import { millisecondsToFrames } from '../../core/time.js';
import { newDraft, type Draft } from '../layer-compiler.js';
import type { BuildContext, BuiltLayer } from '../layers/build-context.js';
import { fadedIn, followsLight, LIGHT_FADE_MS } from '../light/light-layers.js';
import type { DayClock } from '../sale/countdown-ends.js';
import type { BuildContexts } from './build-contexts.js';
import type { JudgedLayers } from './judged-layers.js';
import { endSlot, type Slot } from './layer-slots.js';
import type { PlacedLayers } from './placed-layers.js';

/** Minutes of the day from which a light holds; night lasts over midnight. The same all year, at every latitude. */
const BEGINS: readonly (readonly [minute: number, light: Light])[] = [
  [21 * 60, 'night'],
  [18 * 60 + 30, 'dusk'],
  [16 * 60 + 30, 'evening'],
  [7 * 60 + 30, 'day'],
  [5 * 60 + 30, 'dawn'],
];

/** The light of a set at an instant (Unix epoch). */
export function lightAt({ light, timeZone }: Daylight, epochMs: number): Light {
  if (light !== 'clock') return light;
  const parts = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZone });
  const [hour = 0, minute = 0] = parts.format(epochMs).split(':').map(Number);
  return BEGINS.find(([from]) => hour * 60 + minute >= from)?.[1] ?? 'night';
}

type Drawn = readonly (readonly [Slot, BuiltLayer | undefined])[];

/** The layers that follow the light of day. */
export class LitLayers {
  constructor(
    private readonly room: Pick<RoomConfig, 'daylight' | 'rate'>,
    private readonly contexts: BuildContexts,
    private readonly judged: JudgedLayers,
    private readonly placed: PlacedLayers,
    private readonly day: DayClock | undefined,
  ) {}

  /** Takes the light that the show begins with. */
  begin(): void {
    this.contexts.light = this.now;
  }

  /**
   * Draws and judges each picture by day and at night, so faults show before the room is on air. A mix of both is judged when
   * it is due: its scan takes as long as theirs.
   */
  async tryAll(context: () => BuildContext): Promise<void> {
    const both: BuildContext = { ...context(), light: 'dusk', judge: async () => undefined };
    for (const layer of this.placed.all) if (followsLight(layer)) await this.judged.of(layer, both);
  }

  /** The layers drawn in the light of now; undefined while that is the light they are in. The light stays on a throw. */
  async next(context: () => BuildContext): Promise<Drawn | undefined> {
    const { light: before } = this.contexts;
    const light = this.now;
    if (light === before) return undefined;
    const drawn: [Slot, BuiltLayer | undefined][] = [];
    this.contexts.light = light;
    try {
      for (const slot of this.placed.slots.values())
        if (followsLight(slot.layer)) drawn.push([slot, await this.judged.of(slot.layer, context())]);
    } catch (error) {
      this.contexts.light = before;
      throw error;
    }
    return drawn;
  }

  /** Fades them in; the picture in the old light stays below until the end of the fade. */
  async show(drawn: Drawn, atFrame: number): Promise<Draft> {
    const draft = newDraft();
    const endFrame = atFrame + millisecondsToFrames(LIGHT_FADE_MS, this.room.rate);
    for (const [slot, built] of drawn) {
      // Replaced or removed in the meantime.
      if (this.placed.slots.get(slot.layer.id) !== slot) continue;
      const shown = await this.placed.place({ ...slot, layer: fadedIn(slot.layer) }, built, atFrame, draft);
      endSlot(slot, endFrame, draft);
      slot.shown = shown;
      this.placed.changes(endFrame);
    }
    return draft;
  }

  /** The light of day, or the room's own; a render has no clock and is by day. */
  private get now(): Light {
    const { daylight } = this.room;
    if (this.day === undefined && daylight.light === 'clock') return 'day';
    return lightAt(daylight, this.day?.nowMs() ?? 0);
  }
}
