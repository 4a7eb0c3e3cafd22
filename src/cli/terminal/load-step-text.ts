import type { LoadStep } from '../../room/start/load-step.js';
import type { TerminalLanguage } from './terminal-language.js';

const STEPS: Readonly<Record<LoadStep['step'], readonly [en: string, zh: string]>> = {
  parts: ['Starting threads and encoders', '启动线程和编码器'],
  texts: ['Checking texts', '审核文字'],
  pictures: ['Reading pictures', '审核图片'],
  composed: ['Reading the whole picture', '审核整幅画面'],
  encoder: ['Waiting for the encoders', '等待编码器'],
  speech: ['Speaking the first lines', '合成开场语音'],
};

/** What a loading room does now: "Reading pictures 12 of 40…". */
export function loadStepText({ step, done, of }: LoadStep, language: TerminalLanguage): string {
  const words = STEPS[step];
  const share =
    done === undefined || of === undefined ? '' : language === 'zh' ? ` ${done}/${of}` : ` ${done} of ${of}`;
  return language === 'zh' ? `${words[1]}${share}…` : `${words[0]}${share}…`;
}
