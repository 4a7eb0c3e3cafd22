import { z } from 'zod';

/** Answers of the API, as far as programs rely on them. Further fields may come. */

const hit = z.looseObject({ rule: z.string(), kind: z.string(), match: z.string() });

export const snapshotAnswer = z
  .looseObject({
    name: z.string(),
    state: z.enum(['starting', 'on-air', 'blanked', 'stopping', 'stopped']),
    onAirMs: z.number(),
    frame: z.int().describe('The frame being drawn'),
    product: z.string().nullable().describe('Id of the product on screen'),
    speaking: z.looseObject({ text: z.string(), language: z.string() }).nullable(),
    muted: z.boolean(),
    blanked: z.boolean(),
    slate: z.array(z.string()).describe('Why viewers see the slate; empty while they do not'),
    outputs: z.array(z.looseObject({ id: z.string(), kind: z.string(), state: z.string() })),
  })
  .describe('State and figures of the room; docs/api.md explains each');

export const commandsAnswer = z.looseObject({
  state: z.string(),
  muted: z.boolean(),
  blanked: z.boolean(),
  slate: z.array(z.string()),
});

export const sayAnswer = z.looseObject({
  id: z.string().describe('Empty when refused'),
  result: z.enum(['queued', 'refused']),
  reason: z.looseObject({ en: z.string(), zh: z.string() }).optional(),
  hits: z.array(hit),
});

const box = z
  .looseObject({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
  .nullable()
  .describe('Its place at rest in pixels, before a turn; null while it is not on the picture');
export const placedAnswer = z.looseObject({
  id: z.string(),
  atFrame: z.int().describe('First frame that shows it'),
  box,
});
export const layersAnswer = z.looseObject({
  canvas: z.looseObject({ width: z.int(), height: z.int() }),
  layers: z
    .array(
      z.looseObject({
        id: z.string(),
        layer: z.looseObject({}).describe('As in the room file'),
        box,
        can: z.looseObject({ resize: z.boolean(), turn: z.boolean(), hide: z.boolean(), remove: z.boolean() }),
      }),
    )
    .describe('From bottom to top; those that wait for a line last'),
});

const productState = {
  id: z.string(),
  product: z.looseObject({}).describe('As in the room file, with every default'),
  shown: z.boolean().describe('On screen now'),
  pinned: z.boolean(),
  segments: z.int().describe('Segments of the script about it'),
};
export const productAnswer = z.looseObject(productState);
export const productsAnswer = z.looseObject({
  shown: z.string().nullable(),
  pinned: z.string().nullable(),
  products: z.array(productAnswer),
});
export const productChangeAnswer = z.looseObject({
  ...productState,
  atFrame: z.int().nullable().describe('First frame with the new data; null while it is not on screen'),
  breaks: z
    .array(
      hit.extend({
        where: z.string(),
        text: z.string(),
        action: z.enum(['skip']),
        rewritten: z.string().optional().describe('Wording put in its place by a sentence plan'),
      }),
    )
    .describe('Texts of script, reply rules and timed talk that break a rule since this change; they are not spoken'),
  ladderStep: z
    .looseObject({ from: z.int(), was: z.number(), price: z.number() })
    .optional()
    .describe('The step of the price ladder that moved with the price'),
});
export const pinAnswer = z.looseObject({
  pinned: z.string().nullable(),
  shown: z.string().nullable(),
  atFrame: z.int().nullable().optional(),
  segments: z.int().optional().describe('Segments about it; with 0 the script goes on as it was'),
});

export const audioAnswer = z.looseObject({
  music: z.looseObject({ src: z.string(), gainDb: z.number(), instrumental: z.boolean() }).nullable(),
  duckDb: z.number(),
  roomTone: z.boolean(),
  voice: z.looseObject({}),
  tracks: z.array(z.string()).describe('Names of the embedded tracks'),
});

export const presenterAnswer = z.looseObject({
  pack: z.string(),
  look: z.unknown().describe('Its clothes, by name or as an object; null is its own look'),
  looks: z.array(z.string()).describe('Names of its looks; empty for a pack with one look'),
  atFrame: z.int().nullable().describe('First frame with this presenter; null when it was so from the start'),
  packs: z.array(z.string()).describe('Names of the embedded presenters'),
  assistant: z
    .looseObject({})
    .nullable()
    .describe('The same of the assistant, with its voice; null in a room without one'),
});

const step = z.looseObject({ id: z.int(), what: z.string(), at: z.iso.datetime() });
const editLists = {
  edits: z.array(step).describe('Newest first'),
  redo: z.array(step).describe('Taken back and not made again; the next one first'),
};
export const editsAnswer = z.looseObject(editLists);
export const undoAnswer = z.looseObject({ undone: step, ...editLists });
export const redoAnswer = z.looseObject({ redone: step, ...editLists });
export const saveAnswer = z.looseObject({
  file: z.string(),
  backup: z.string().nullable().describe('Copy of the file as it was; null when nothing had to be written'),
  changed: z.array(z.string()).describe('Changed sections'),
});

export const dumpAnswer = z.looseObject({ fromFrame: z.int(), frames: z.int(), ms: z.number() });
export const verdictsAnswer = z.looseObject({ verdicts: z.array(z.looseObject({ seq: z.int(), kind: z.string() })) });
export const outputsAnswer = z.looseObject({ outputs: z.array(z.looseObject({})), events: z.array(z.looseObject({})) });
export const encoderAnswer = z.looseObject({
  generation: z.int(),
  videoKbps: z.number(),
  width: z.int(),
  height: z.int(),
});
export const healthAnswer = z.looseObject({ ok: z.boolean(), status: z.string(), state: z.string() });
export const cameraAnswer = z.looseObject({
  width: z.int(),
  height: z.int(),
  frameRate: z.number(),
  whep: z.string(),
});

/** The body of every refused request. */
export const errorAnswer = z.looseObject({
  error: z.looseObject({
    code: z.string().describe('Stable name; docs/errors.md lists all'),
    message: z.string(),
    where: z.string(),
    expected: z.string().optional(),
    found: z.string().optional(),
    todo: z.string().optional().describe('The next step'),
    details: z.looseObject({}).optional(),
  }),
});
