import t from 'tap';
import { CommentIds, newComments } from '../../src/browser/comments/page-comment-reader.js';
import { intakeBody, pairedRoom, sendComments } from '../../src/browser/product/engine-api.js';
import type { Http } from '../../src/browser/whep-client.js';

const list = (words: string): { user: string; text: string }[] =>
  words
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => ({ user: one[0]!, text: one.slice(1) }));
const fresh = (before: string, now: string): string =>
  newComments(list(before), list(now))
    .map(({ user, text }) => user + text)
    .join(' ');

t.test('finds the new comments of a list that grows below, above, or loses its oldest', async (t) => {
  t.equal(fresh('a1 b2', 'a1 b2 c3'), 'c3');
  t.equal(fresh('a1 b2 c3', 'b2 c3 d4 e5'), 'd4 e5');
  t.equal(fresh('c3 b2 a1', 'e5 d4 c3 b2'), 'd4 e5', 'newest on top: oldest first');
  t.equal(fresh('a1 b2', 'a1 b2'), '');
  t.equal(fresh('', 'a1 b2'), 'a1 b2');
  t.equal(fresh('a1 a1', 'a1 a1 a1'), 'a1', 'the same words again');
  t.equal(fresh('a1 b2 c3', 'x1 y2'), 'x1 y2', 'another list');
  t.equal(fresh('a1 b2 c3', 'x1 c3 y2 a1'), 'x1 y2', 'shuffled');
  t.equal(fresh('a1 b2 c3', 'c3 d4 e5'), 'd4 e5');
  t.equal(fresh('a1 b2 c3', 'a1'), '');
  t.equal(fresh('a1 b2 c3', 'd4'), 'd4');
});

t.test('gives a comment that is read twice the same id, and each repeat an id of its own', async (t) => {
  const one = new CommentIds('live.example');
  const other = new CommentIds('live.example');
  const atMs = 1_790_000_000_000;
  const comment = { user: 'Anna', text: '1' };
  const first = await one.idOf(comment, atMs);
  t.match(first, /^[0-9a-f]{24}$/);
  t.equal(await other.idOf(comment, atMs + 5000), first);
  t.not(await one.idOf(comment, atMs), first);
  t.not(await new CommentIds('other.example').idOf(comment, atMs), first);
  t.not(await new CommentIds('live.example').idOf(comment, atMs + 3_600_000), first, 'asked again an hour later');
});

t.test('sends the token to the engine’s address only, and words a failure without it', async (t) => {
  const asked: { url: string; headers: Record<string, string> }[] = [];
  const answering =
    (status: number, body: string): Http =>
    async (_method, url, { headers = {} } = {}) => {
      asked.push({ url, headers });
      return { status, body, header: () => null };
    };
  const endpoint = { url: 'http://127.0.0.1:8080/whep', token: 'secret-token' };
  t.same(await pairedRoom(answering(200, '{"name":"shop"}'), endpoint), { ok: true, value: 'shop' });
  t.same(asked, [{ url: 'http://127.0.0.1:8080/api/room', headers: { authorization: 'Bearer secret-token' } }]);
  t.same(await pairedRoom(answering(401, '{}'), endpoint), { ok: false, error: 'wrongToken' });
  t.same(await pairedRoom(answering(502, 'oops'), endpoint), { ok: false, error: 'HTTP 502' });
  const away: Http = () => Promise.reject(new Error('secret-token'));
  t.same(await sendComments(away, endpoint, 'x.example', []), { ok: false, error: 'away' });
});

t.test('leaves out texts of a page that are no JSON', async (t) => {
  const body = JSON.parse(
    intakeBody({ url: 'https://x.example', data: { a: '{"b":1}', c: 'oops' }, html: '' }, true),
  ) as object;
  t.same(body, { url: 'https://x.example', data: { a: { b: 1 } }, save: true });
});
