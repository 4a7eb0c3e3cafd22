import type { TwoTexts } from '../core/alarm-kinds.js';

/** A file that is fetched as its authors publish it. */
export interface WeightsFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly url: string;
}

/** Weights too large for the package, which are installed beside it when their user asks. */
export interface Weights {
  readonly id: WeightsId;
  readonly title: string;
  readonly use: TwoTexts;
  readonly licence: string;
  /** Who made them. */
  readonly authors: string;
  readonly files: readonly WeightsFile[];
}

export const WEIGHTS_IDS = ['kokoro', 'sense-voice'] as const;
export type WeightsId = (typeof WEIGHTS_IDS)[number];

const KOKORO = 'https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0';
const SENSE_VOICE =
  'https://huggingface.co/csukuangfj/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17/resolve/2365baeacb507f821a0c8120fcee3d484dba7a07';

export const CATALOGUE: readonly Weights[] = [
  {
    id: 'kokoro',
    title: 'Kokoro 82M v1.0',
    use: {
      en: 'human voices for Chinese, Japanese, Spanish, French, Italian, Portuguese and Hindi, with an accent for other languages',
      zh: '真人般的声音：中文、日语、西班牙语、法语、意大利语、葡萄牙语、印地语；其他语言带口音',
    },
    licence: 'Apache-2.0',
    authors: 'hexgrad; ONNX files by thewh1teagle (MIT)',
    files: [
      {
        name: 'kokoro-v1.0.int8.onnx',
        bytes: 92_361_271,
        sha256: '6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb',
        url: `${KOKORO}/kokoro-v1.0.int8.onnx`,
      },
      {
        name: 'voices-v1.0.bin',
        bytes: 28_214_398,
        sha256: 'bca610b8308e8d99f32e6fe4197e7ec01679264efed0cac9140fe9c29f1fbf7d',
        url: `${KOKORO}/voices-v1.0.bin`,
      },
    ],
  },
  {
    id: 'sense-voice',
    title: 'SenseVoice small, int8',
    use: {
      en: 'understands the microphone of a takeover: Chinese, English, Japanese, Korean, Cantonese',
      zh: '听懂真人接管的麦克风：中文、英语、日语、韩语、粤语',
    },
    licence: 'FunASR model licence 1.1',
    authors: 'FunAudioLLM (Alibaba); ONNX files by k2-fsa',
    files: [
      {
        name: 'model.int8.onnx',
        bytes: 239_233_841,
        sha256: 'c71f0ce00bec95b07744e116345e33d8cbbe08cef896382cf907bf4b51a2cd51',
        url: `${SENSE_VOICE}/model.int8.onnx`,
      },
      {
        name: 'tokens.txt',
        bytes: 315_894,
        sha256: 'f449eb28dc567533d7fa59be34e2abca8784f771850c78a47fb731a31429a1dc',
        url: `${SENSE_VOICE}/tokens.txt`,
      },
    ],
  },
];

export const weightsOf = (id: WeightsId): Weights => CATALOGUE.find((one) => one.id === id)!;
export const bytesOf = ({ files }: Pick<Weights, 'files'>): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
