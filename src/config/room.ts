import { z } from 'zod';
import { alerts } from './sections/alerts.js';
import { assistant } from './sections/assistant.js';
import { audio } from './sections/audio.js';
import { compliance } from './compliance/compliance.js';
import { control } from './sections/control.js';
import { cover } from './sections/cover.js';
import { daylight } from './sections/daylight.js';
import { encoder } from './sections/encoder.js';
import { events } from './sections/events.js';
import { layer } from './sections/layer.js';
import { llm } from './sections/services/llm.js';
import { output } from './sections/output.js';
import { presenter } from './sections/presenter.js';
import { product } from './sections/product.js';
import { recogniser } from './sections/services/recogniser.js';
import { replies } from './sections/replies.js';
import { rights } from './sections/rights.js';
import { script } from './sections/script.js';
import { store } from './sections/store.js';
import { takeover } from './sections/takeover.js';
import { video } from './sections/video.js';

export const room = z
  .strictObject({
    $schema: z.string().optional().describe('For editors only'),
    name: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name of the room, used in paths and logs'),
    title: z.string().max(120).default('').describe('Title for people'),
    language: z.string().min(2).max(35).default('en').describe('BCP-47 language of the broadcast'),
    seed: z.int().min(0).max(0xffff_ffff).default(1).describe('Same room, same seed, same frames'),
    video: video.prefault({}),
    encoder: encoder.prefault({}),
    audio: audio.prefault({}),
    presenter,
    assistant: assistant.optional(),
    cover: cover.optional(),
    rights: rights.prefault({}),
    products: z.array(product).max(200).default([]).describe('Products, as on their listings'),
    daylight: daylight.prefault({}),
    layers: z.array(layer).max(100).describe('Layers from back to front; exactly one is the presenter'),
    script,
    llm: llm.optional(),
    events: events.prefault({}),
    replies: replies.prefault({}),
    recogniser: recogniser.optional(),
    takeover: takeover.prefault({}),
    outputs: z.array(output).max(50).default([]).describe('Destinations besides the embedded server'),
    compliance: compliance.prefault({}),
    control: control.prefault({}),
    alerts: alerts.prefault({}),
    store: store.prefault({}),
  })
  .describe('A Showroom room file');

/** A parsed room file with defaults applied; paths are still relative. */
export type RoomFile = z.infer<typeof room>;
