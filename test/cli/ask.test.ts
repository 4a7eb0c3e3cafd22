import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { PreviewedAnswer } from '../../src/config/api/events-handle.js';
import { runWithInput, values } from './run-with-input.js';

function roomIn(folder: string): string {
  const room = {
    name: 'ask',
    language: 'en',
    presenter: { pack: 'mei' },
    products: [
      {
        id: 'kettle',
        title: 'Travel Kettle',
        image: 'kettle.svg',
        price: { amount: 12.9, currency: 'USD', unit: 'piece' },
        minimumOrder: '2 pieces',
        attributes: [{ name: 'Single gross weight (kg)', value: '0.780' }],
      },
    ],
    layers: [{ id: 'presenter', type: 'presenter' }],
    script: { segments: [{ product: 'kettle', lines: [{ text: 'Welcome to our show.' }] }] },
  };
  const file = join(folder, 'room.json');
  writeFileSync(file, JSON.stringify(room));
  return file;
}

t.test('says what the host would answer, one comment a line, and where the fact stands', async (t) => {
  const room = roomIn(t.testdir());
  const input = 'cuánto pesa\nhello everyone\nadd me on whatsapp +1 415 555 2671\n';
  const answer = await runWithInput(['ask', '--room', room, '--json'], { input });
  t.equal(answer.code, 0, answer.stderr);
  const [weight, greeting, contact] = values<PreviewedAnswer>(answer);
  t.match(weight, {
    outcome: 'answered',
    language: 'es',
    meaning: 'weight',
    by: 'meaning',
    source: 'attribute Single gross weight (kg)',
  });
  t.match(weight!.answer, /Pesa 0,78 kilogramos\./);
  t.equal(greeting!.outcome, 'silent');
  t.not(contact!.outcome, 'answered');
});

t.test('answers one comment of the command line in words', async (t) => {
  const answer = await runWithInput(['ask', '--room', roomIn(t.testdir()), 'what is the minimum order?']);
  t.equal(answer.code, 0, answer.stderr);
  t.match(answer.stdout, /answered .*2 pieces/);
  t.match(answer.stdout, /minimum-order.*field moq/);
});
