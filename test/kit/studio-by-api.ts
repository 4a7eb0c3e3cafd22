/** A built studio with an owner, for scripts that need no walk to get there. */
import { OWNER, type RunningStudio } from './studio-walk.js';

export { playing, startReceiver, startStudio } from './studio-walk.js';

export interface OwnerByApi {
  readonly cookie: { readonly name: string; readonly value: string };
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

/** Uses the set-up link. */
export async function createOwnerByApi(studio: RunningStudio): Promise<OwnerByApi> {
  const { name, company, email, password } = OWNER;
  const reply = await fetch(`${studio.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: studio.setUp.split('#')[1], name, email, password, organisation: company }),
  });
  if (!reply.ok) throw new Error(`set-up: ${reply.status} ${await reply.text()}`);
  const pair = reply.headers
    .getSetCookie()
    .map((one) => one.split(';')[0]!)
    .find((one) => one.includes('session_token'))!;
  const at = pair.indexOf('=');
  return {
    cookie: { name: pair.slice(0, at), value: pair.slice(at + 1) },
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const answer = await fetch(studio.url + path, {
        method,
        headers: { cookie: pair, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
  };
}
