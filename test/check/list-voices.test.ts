import t from 'tap';
import { listVoices } from '../../src/check/list-voices.js';

t.test('lists the voices of one language, those of presenters first', async (t) => {
  const english = await listVoices('en');
  t.same(
    english.slice(0, 3).map(({ name, presenters }) => ({ name, presenters })),
    [
      { name: 'heart', presenters: ['mei'] },
      { name: 'heart-hugo', presenters: ['leo'] },
      { name: 'heart-pearl', presenters: ['amara'] },
    ],
  );
  t.ok(
    english.every(({ language }) => language.startsWith('en')),
    'English only',
  );
  const spanish = await listVoices('es');
  t.same(
    spanish.filter((v) => v.presenters.length > 0).map(({ name }) => name),
    ['es', 'es+f2', 'es+f4'],
  );
  t.ok(
    spanish.some(({ name }) => name === 'es-419+f2'),
    'regions of the language are listed',
  );
  t.ok(spanish.length < 60, `${spanish.length} voices`);
});
