import { ApiError } from '../api/error';
import { t, tMaybe } from '../messages/index.svelte';

export interface ErrorWords {
  readonly title: string;
  readonly todo: string;
  readonly code: string;
}

/** An error in the studio's language where it has words for the code, else in the server's own. */
export function wordsOf(error: unknown): ErrorWords {
  if (!(error instanceof ApiError)) {
    return { title: error instanceof Error ? error.message : String(error), todo: '', code: '' };
  }
  const { code, message, todo = '', found } = error.body;
  const values = { seconds: error.retryAfter ?? 60, minutes: Math.ceil((error.retryAfter ?? 60) / 60) };
  return {
    title:
      tMaybe(`error.${code}`, values) ?? (found === undefined ? message : `${message.replace(/\.$/, '')}: ${found}`),
    todo: tMaybe(`error.${code}.todo`, values) ?? todo,
    code,
  };
}

export const sentenceOf = (error: unknown): string => {
  const { title, todo } = wordsOf(error);
  return todo === '' ? title : `${title.replace(/[.。]$/, '')}${t('common.stop')} ${todo}`;
};
