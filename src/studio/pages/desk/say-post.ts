import { currentEngineToken } from '../../api/client';
import { errorOf } from '../../api/error';
import type { SayResult } from '../../lib/room-types';

/** Posts a line to be spoken or shown. One that the judge refuses comes back with its reason and status 422. */
export async function sayPost(path: string, body?: unknown): Promise<SayResult> {
  const token = currentEngineToken();
  const reply = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await reply.json().catch(() => null);
  const isResult = typeof answer === 'object' && answer !== null && 'result' in answer;
  if (isResult && (reply.ok || reply.status === 422)) return answer as SayResult;
  throw errorOf(reply, answer);
}
