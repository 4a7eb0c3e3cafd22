import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { isEngineError } from '../../../src/core/errors.js';
import { loadRulePacks } from '../../../src/moderation/packs/rule-packs.js';
import { defaultAction, ruleById, RULES } from '../../../src/moderation/packs/rule-table.js';

t.test('every rule has titles, a weight and an action on each of its surfaces', async (t) => {
  t.equal(RULES.length, 25);
  t.equal(new Set(RULES.map((r) => r.id)).size, RULES.length);
  for (const rule of RULES) {
    t.ok(rule.title.en.length > 3 && rule.title.zh.length >= 2 && rule.weight > 0, rule.id);
    for (const surface of rule.surfaces) t.ok(defaultAction(rule.id, surface), `${rule.id} on ${surface}`);
  }
  t.equal(ruleById('9.9'), undefined);
  t.equal(defaultAction('5.10', 'speech'), undefined);
});

t.test('reports the faulty field of a broken pack', async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, '3.2'));
  writeFileSync(join(folder, '3.2', 'en.json'), JSON.stringify({ rule: '3.2', language: 'en', says: {} }));
  try {
    loadRulePacks(folder);
    t.fail('it was accepted');
  } catch (e) {
    t.ok(isEngineError(e) && e.code === 'E_ASSET_INVALID' && /3\.2.en\.json/.test(e.where));
  }
  writeFileSync(join(folder, '3.2', 'en.json'), '{');
  t.throws(() => loadRulePacks(folder), { code: 'E_ASSET_INVALID' });
});
