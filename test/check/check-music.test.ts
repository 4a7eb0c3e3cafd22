import t from 'tap';
import { checkMusicWords } from '../../src/check/check-room.js';
import { parseRoom } from '../../src/config/load-room.js';

const roomWith = (audio: object) =>
  parseRoom(
    JSON.stringify({
      name: 'music',
      presenter: { pack: 'mei' },
      layers: [{ id: 'who', type: 'presenter', anchor: 'bottom' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      audio,
    }),
    '/room/room.json',
  );

t.test('requires that somebody has listened to the music for words', async (t) => {
  t.match(checkMusicWords(roomWith({ music: { src: 'song.wav' } })), [
    { severity: 'warning', where: 'audio.music.instrumental' },
  ]);
  t.strictSame(checkMusicWords(roomWith({ music: { src: 'bed.wav', instrumental: true } })), []);
  t.strictSame(checkMusicWords(roomWith({})), []);
});
