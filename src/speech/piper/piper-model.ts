import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';

const ids = z.array(z.int().min(0)).min(1);
/** The used part of a model's settings, `voice.onnx.json`. */
const settings = z.object({
  audio: z.object({ sample_rate: z.int().min(8000).max(96_000) }),
  espeak: z.object({ voice: z.string().min(1).max(40) }).optional(),
  phoneme_type: z.string().default('espeak'),
  inference: z
    .object({
      noise_scale: z.number().default(0.667),
      length_scale: z.number().positive().default(1),
      noise_w: z.number().default(0.8),
    })
    .prefault({}),
  num_speakers: z.int().default(1),
  speaker_id_map: z.record(z.string(), z.int()).default({}),
  phoneme_id_map: z.record(z.string(), ids),
});
export type PiperSettings = z.infer<typeof settings>;

/** Reads the settings beside a model. @param where place in the room file */
export function readPiperModel(model: string, where: string): PiperSettings {
  let text: string;
  try {
    text = readFileSync(`${model}.json`, 'utf8');
  } catch (cause) {
    throw new EngineError('E_ASSET_MISSING', {
      where: `${where}.model`,
      expected: 'a Piper model: voice.onnx with voice.onnx.json beside it',
      found: `no ${model}.json`,
      todo: 'put both files into one folder and name the .onnx file',
      cause,
    });
  }
  const faulty = (found: string): EngineError =>
    new EngineError('E_ASSET_INVALID', { where: `${model}.json`, expected: 'the settings of a Piper model', found });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw faulty('something that is not JSON');
  }
  const read = settings.safeParse(raw);
  if (!read.success) throw faulty(`${read.error.issues[0]!.path.join('.')}: ${read.error.issues[0]!.message}`);
  if (read.data.phoneme_type !== 'espeak' && read.data.phoneme_type !== 'text')
    throw faulty(`phonemes of the type "${read.data.phoneme_type}", which eSpeak does not give`);
  return read.data;
}

/** The id of a speaker by name or number; undefined in a model with one voice. */
export function speakerOf(
  { num_speakers, speaker_id_map }: PiperSettings,
  name: string | undefined,
  where: string,
): number | undefined {
  if (num_speakers <= 1) return undefined;
  if (name === undefined) return 0;
  const id = speaker_id_map[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  if (id !== undefined && id < num_speakers) return id;
  const names = Object.keys(speaker_id_map);
  throw new EngineError('E_VOICE_UNKNOWN', {
    where: `${where}.name`,
    expected: names.length === 0 ? `a number below ${num_speakers}` : `one of ${names.slice(0, 20).join(', ')}`,
    found: `"${name}"`,
  });
}
