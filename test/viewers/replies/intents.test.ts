import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { CommentReader } from '../../../src/viewers/replies/comments/comment-reader.js';
import { replyPacks, INTENTS } from '../../../src/viewers/replies/comments/reply-packs.js';

const folder = join(import.meta.dirname, 'comments');
const corpora = readdirSync(folder).map((name) => ({
  language: name.replace('.json', ''),
  comments: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string[]>,
}));
const packs = replyPacks();
/** These languages have longer corpora. */
const MANY = new Set(['en', 'zh', 'es']);

t.test('has a pack and a corpus for each of 18 languages', async (t) => {
  t.equal(packs.size, 18);
  t.same(new Set(corpora.map(({ language }) => language)), new Set(packs.keys()));
  for (const { language, comments } of corpora) {
    for (const intent of INTENTS) {
      const wanted = MANY.has(language) ? 6 : 2;
      t.ok((comments[intent]?.length ?? 0) >= wanted, `${language} ${intent}`);
    }
  }
});

for (const { language, comments } of corpora) {
  t.test(`recognises the questions of ${language} in a room of that language and in an English one`, async (t) => {
    for (const room of [language, 'en']) {
      const reader = new CommentReader(packs, room);
      for (const [intent, list] of Object.entries(comments)) {
        for (const comment of list) {
          const read = reader.read(comment);
          if (intent === 'none') t.equal(read.intent, undefined, `${room} room: "${comment}" asks nothing`);
          else t.equal(read.intent, intent, `${room} room: "${comment}"`);
        }
      }
    }
  });
}

t.test('answers in the language of the comment', async (t) => {
  const reader = new CommentReader(packs, 'en');
  for (const { language, comments } of corpora) {
    let right = 0;
    let all = 0;
    for (const [intent, list] of Object.entries(comments)) {
      if (intent === 'none') continue;
      for (const comment of list) {
        all += 1;
        if (reader.read(comment).language === language) right += 1;
      }
    }
    t.ok(right / all >= 0.9, `${language}: ${right} of ${all}`);
  }
});

t.test('answers in the room’s language when the comment’s is not allowed', async (t) => {
  const reader = new CommentReader(packs, 'en', ['en', 'es']);
  t.equal(reader.read('¿Cuánto cuesta?').language, 'es');
  t.match(reader.read('多少钱'), { language: 'en', intent: 'price' });
});

t.test('a loan word does not outweigh the small words of a comment', async (t) => {
  const reader = new CommentReader(packs, 'en');
  t.equal(reader.read('How long until 3,000 pieces are ready?').language, 'en');
  t.equal(reader.read('apakah ready?').language, 'id');
});
