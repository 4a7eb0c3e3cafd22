import { join } from 'node:path';

/** A small room with something of everything that moves, changes and speaks, as a room file's content. */
export function soakRoom(fps: number, dir: string): Record<string, unknown> {
  const say = (text: string, pauseMs: number) => ({ text, pauseMs, gesture: 'point' });
  return {
    name: 'soak',
    video: { width: 160, height: 160, fps },
    presenter: { pack: 'mei' },
    layers: [
      { id: 'back', type: 'shape', fill: '#20304a', width: '100%', height: '100%' },
      { id: 'presenter', type: 'presenter', anchor: 'bottom', width: '100%', height: '80%' },
      {
        id: 'mover',
        type: 'shape',
        fill: '#d0a020',
        width: 16,
        height: 16,
        anchor: 'top-left',
        z: 40,
        motion: {
          loopMs: 4000,
          keyframes: [
            { atMs: 0, opacity: 0.2 },
            { atMs: 2000, opacity: 1 },
            { atMs: 4000, opacity: 0.2 },
          ],
        },
      },
      { id: 'ticker', type: 'ticker', items: ['Welcome to the showroom'], anchor: 'top', width: '100%', height: '12%' },
    ],
    script: {
      segments: [
        {
          lines: [
            say('Welcome to our showroom.', 18_000),
            say('This chair is made of oak.', 22_000),
            say('It comes with two cushions.', 20_000),
          ],
        },
      ],
    },
    control: { port: 0, rtmpPort: 0, flvPort: 0 },
    compliance: { ledger: join(dir, 'media-ledger.jsonl') },
  };
}
