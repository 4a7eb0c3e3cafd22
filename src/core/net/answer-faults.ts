/** The message in the body of an error answer, as OpenAI's protocol has it: " (model not found)"; else empty. */
export function faultMessageIn(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } | string };
    const message = typeof error === 'string' ? error : error?.message;
    return typeof message === 'string' ? ` (${message})` : '';
  } catch {
    return '';
  }
}

/** Why a request had no answer, in a word or a sentence: ECONNREFUSED. */
export function noAnswerReason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
