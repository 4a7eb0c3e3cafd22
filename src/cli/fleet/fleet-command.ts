import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { FleetRoom } from '../../fleet/fleet-client.js';
import type { SharedProduct, WorkerBeat } from '../../fleet/records.js';
import { durationMs, numberBetween } from '../options.js';
import { onOneLine } from '../print-lines.js';
import { addFleetOptions, labelsOf, withFleet, type FleetOptions } from './fleet-options.js';

interface SubmitCommand extends FleetOptions {
  id?: string;
  owner: string;
  show?: string;
  labels?: Record<string, string>;
  priority: number;
  publicKey?: string;
  key?: string;
  schedule?: string;
  zone: string;
  for?: number;
}

export function fleetCommand(): Command {
  const command = new Command('fleet')
    .description('Runs rooms on the machines of a fleet. 在集群的多台机器上运行直播间。')
    .addHelpText(
      'after',
      `
Rooms are jobs in Redis or Valkey; workers take them (engine worker --help). SHOWROOM_REDIS and SHOWROOM_STORE stand for
--redis and --store. 直播间是 Redis 中的任务，由 worker 承载。

Examples:
  engine fleet key --out fleet.key
  TAOBAO_KEY=… engine fleet submit shop/room.json --owner acme --redis redis://10.0.0.5 --store /mnt/showroom --key fleet.key
  engine fleet submit shop/room.json --schedule "0 20 * * *" --zone Asia/Shanghai --for 4h --key fleet.key
  engine fleet submit spring-sale --key fleet.key
  engine fleet list
  engine fleet status shop
  engine fleet move shop --to worker-2
  engine fleet drain worker-1
  engine fleet edit spring-sale --product mug --price 9.90
  engine fleet records shop --out shop-records --key fleet.key
  engine fleet plan --without worker-1 --add 20`,
    );
  const add = (name: string, about: string): Command => {
    const one = new Command(name).description(about);
    command.addCommand(one);
    return one;
  };
  add('key', 'Makes the key of a fleet and prints its public half. 生成集群密钥。')
    .requiredOption('--out <file>', 'file for the secret key; workers and the studio need it')
    .option('--json', 'print JSON')
    .action(makeKey);
  addFleetOptions(add('submit', 'Puts a room on air in the fleet, or by a schedule. 提交直播间。'))
    .argument('<room>', 'room file, or the folder of a show')
    .option('--id <id>', 'id in the fleet (default: the name of the room’s folder)')
    .option('--owner <name>', 'whose limit counts', 'default')
    .option('--show <name>', 'rooms of one show share edits of products (engine fleet edit)')
    .option('--labels <list>', 'only on workers with these labels: region=eu', labelsOf)
    .option('--priority <n>', '1 first, 10 last', numberBetween(1, 10, 'a priority', true), 5)
    .option('--public-key <key>', 'public key of the fleet, as `engine fleet key` prints it')
    .option('--key <file>', 'or the secret key file (default: SHOWROOM_FLEET_KEY)')
    .option('--schedule <cron>', 'starts by the clock: "0 20 * * 1-5"')
    .option('--zone <zone>', 'time zone of --schedule', 'UTC')
    .option('--for <time>', 'length of a scheduled show: 90m, 4h', durationMs)
    .action(submit);
  addFleetOptions(add('list', 'Lists rooms. 列出直播间。')).action(list);
  addFleetOptions(add('status', 'Shows workers and rooms, or one room. 查看 worker 与直播间状态。'))
    .argument('[room]', 'id of a room')
    .action(status);
  addFleetOptions(add('logs', 'Prints the end of a room’s log. 查看日志。'))
    .argument('<room>', 'id of the room')
    .option('--lines <n>', 'number of lines', numberBetween(1, 5000, 'lines', true), 50)
    .action(logs);
  addFleetOptions(add('move', 'Moves a room at the end of its line. 在当前台词结束后转移直播间。'))
    .argument('<room>', 'id of the room')
    .option('--to <worker>', 'to this worker; default: whichever fits best')
    .action(move);
  addFleetOptions(add('drain', 'Takes all rooms off a worker. 清空一台 worker。'))
    .argument('<worker>', 'name of the worker')
    .action(drain);
  addFleetOptions(add('stop', 'Ends a room and its schedule. 停播并取消排期。'))
    .argument('<room>', 'id of the room')
    .action(stop);
  addFleetOptions(add('edit', 'Sets a product in all rooms of a show at once. 同时修改一场直播所有房间的商品。'))
    .argument('<show>', 'name of the show')
    .requiredOption('--product <id>', 'product')
    .option('--price <amount>', 'price', numberBetween(0, 1e9, 'a price'))
    .option('--sold-out', 'marks it as sold out')
    .option('--on-sale', 'marks it as on sale again')
    .action(edit);
  addFleetOptions(add('records', 'Fetches the ledger, evidence and report of a room. 取回台账、证据与报告数据。'))
    .argument('<room>', 'id of the room; also after its end')
    .requiredOption('--out <folder>', 'folder to write to')
    .option('--key <file>', 'secret key of the fleet (default: SHOWROOM_FLEET_KEY)')
    .action(records);
  addFleetOptions(add('limit', 'Sets how many rooms an owner may have. 设置房间数上限。'))
    .argument('<owner>', 'name, or "*" for everybody without a limit of their own')
    .argument('<rooms>', 'number of rooms, or "none"', limitOf)
    .action(limit);
  addFleetOptions(add('plan', 'Shows where rooms would go. 规划容量。'))
    .option('--add <n>', 'with so many more rooms', numberBetween(0, 1e6, 'rooms', true), 0)
    .option('--cost <rooms>', 'cost of each of them, in reference rooms', numberBetween(0.01, 100, 'a cost'), 1)
    .option('--without <workers...>', 'without these workers')
    .action(plan);
  return command;
}

function limitOf(text: string): number | null {
  if (text === 'none') return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 1e6) return value;
  throw new InvalidArgumentError(`expected a number of rooms or "none", found "${text.slice(0, 40)}".`);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const printJson = (value: unknown): void => print(JSON.stringify(value));

async function makeKey({ out, json }: { out: string; json?: boolean }): Promise<void> {
  const [{ newFleetKey, writeFleetKey }, { EngineError }, { access }] = await Promise.all([
    import('../../fleet/fleet-key.js'),
    import('../../core/errors.js'),
    import('node:fs/promises'),
  ]);
  const exists = await access(out).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new EngineError('E_IN_USE', {
      where: out,
      expected: 'a file that is not there yet',
      found: 'a file',
      todo: 'rooms that were sealed with that key need it; choose another name for a new fleet',
    });
  const key = await newFleetKey();
  await writeFleetKey(out, key);
  if (json === true) return printJson({ file: out, publicKey: key.publicKey });
  print(`✓ ${out}: for every worker and the studio; keep it secret`);
  print(`  public key: ${key.publicKey}`);
}

async function submit(room: string, options: SubmitCommand): Promise<void> {
  const { owner, show, labels, priority, zone } = options;
  const id = options.id ?? idOf(room);
  const [{ readFleetKey }, { EngineError }] = await Promise.all([
    import('../../fleet/fleet-key.js'),
    import('../../core/errors.js'),
  ]);
  const publicKey = options.publicKey ?? (await readFleetKey(options.key, process.env)).publicKey;
  let schedule: { pattern: string; zone: string; forMs: number } | undefined;
  if (options.schedule !== undefined) {
    if (options.for === undefined)
      throw new EngineError('E_BAD_REQUEST', {
        where: '--schedule',
        expected: '--for with the length of the show beside it',
        found: 'no length',
        todo: 'add --for 4h',
      });
    const { checkPattern } = await import('../../fleet/schedule-pattern.js');
    checkPattern(options.schedule, zone);
    schedule = { pattern: options.schedule, zone, forMs: options.for };
  }
  const { readShow, SHOW_FILE } = await import('../../fleet/show-file.js');
  const isShow = await isFile(join(room, SHOW_FILE));
  const whole = isShow ? await readShow(join(room, SHOW_FILE)) : { name: show, rooms: [{ id, file: room }] };
  for (const one of whole.rooms)
    await withFleet(options, async (fleet) => {
      const { record, sent, next } = await fleet.submit(one.file, {
        id: one.id,
        owner,
        show: show ?? whole.name,
        labels,
        priority,
        publicKey,
        env: process.env,
        schedule,
      });
      if (options.json === true)
        return printJson({ room: one.id, cost: record.cost, sentBytes: sent, next: next?.toISOString() ?? null });
      print(`✓ ${one.id}: ${record.cost} reference rooms, ${(sent / 1e6).toFixed(1)} MB sent`);
      if (next !== undefined) print(`  next start: ${next.toISOString()} (${zone})`);
    });
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const idOf = (room: string): string =>
  (basename(room) === 'room.json' ? basename(dirname(resolve(room))) : basename(room, '.json'))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');

async function list(options: FleetOptions): Promise<void> {
  await withFleet(options, async (fleet) => {
    const { rooms } = await fleet.view();
    if (options.json === true) return printJson(rooms.map(plainRoom));
    if (rooms.length === 0) return print('no rooms; `engine fleet submit` adds one');
    for (const room of rooms) print(roomLine(room));
  });
}

async function status(id: string | undefined, options: FleetOptions): Promise<void> {
  await withFleet(options, async (fleet) => {
    if (id !== undefined) {
      const room = await fleet.room(id);
      if (options.json === true) return printJson(plainRoom(room));
      print(roomLine(room));
      if (room.error !== '') print(`  ${onOneLine(room.error, 400)}`);
      return;
    }
    const { workers, rooms } = await fleet.view();
    if (options.json === true) return printJson({ workers, rooms: rooms.map(plainRoom) });
    for (const worker of workers) print(workerLine(worker));
    if (workers.length === 0) print('no workers; `engine worker` adds this machine');
    const states = new Map<string, number>();
    for (const { state } of rooms) states.set(state, (states.get(state) ?? 0) + 1);
    print(`${rooms.length} rooms: ${[...states].map(([state, count]) => `${count} ${state}`).join(', ') || 'none'}`);
    for (const room of rooms) if (room.state === 'waiting' || room.state === 'failed') print(`  ${roomLine(room)}`);
  });
}

const plainRoom = ({ record, ...room }: FleetRoom): object => ({
  ...room,
  owner: record.owner,
  show: record.show,
  language: record.language,
  cost: record.cost,
  priority: record.priority,
  labels: record.labels,
  schedule: record.schedule,
});

const roomLine = ({ room, state, worker, fence, line, error, record }: FleetRoom): string =>
  [
    room.padEnd(24),
    state.padEnd(9),
    (worker ?? '–').padEnd(16),
    `#${fence}`.padEnd(5),
    String(record.cost).padEnd(6),
    record.owner.padEnd(12),
    state === 'on-air' ? (line ?? '') : onOneLine(error, 120),
  ]
    .join(' ')
    .trimEnd();

const workerLine = ({ name, version, used, capacity, rooms, draining, claimed, labels }: WorkerBeat): string =>
  [
    name.padEnd(16),
    `${used.toFixed(1)} of ${capacity}`.padEnd(14),
    `${rooms.length} rooms`.padEnd(10),
    version.padEnd(8),
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(','),
    draining ? 'draining' : '',
    claimed > 0 ? `${claimed} under a claim: Redis was out of reach` : '',
  ]
    .filter((cell) => cell !== '')
    .join(' ')
    .trimEnd();

async function logs(id: string, options: FleetOptions & { lines: number }): Promise<void> {
  await withFleet(options, async (fleet) => {
    const lines = await fleet.logs(id, options.lines);
    if (options.json === true) printJson(lines);
    else for (const line of lines) print(onOneLine(line, 4000));
  });
}

async function move(id: string, options: FleetOptions & { to?: string }): Promise<void> {
  await withFleet(options, async (fleet) => {
    await fleet.move(id, options.to ?? null);
    if (options.json === true) printJson({ room: id, to: options.to ?? null });
    else print(`✓ ${id} moves at the end of its line`);
  });
}

async function drain(worker: string, options: FleetOptions): Promise<void> {
  await withFleet(options, async (fleet) => {
    await fleet.drain(worker);
    if (options.json === true) printJson({ worker });
    else print(`✓ ${worker} takes no rooms any more, and hands over those it has`);
  });
}

async function stop(id: string, options: FleetOptions): Promise<void> {
  await withFleet(options, async (fleet) => {
    await fleet.stop(id);
    if (options.json === true) printJson({ room: id });
    else print(`✓ ${id} has ended; its ledger and evidence stay in the store`);
  });
}

async function edit(
  show: string,
  options: FleetOptions & { product: string; price?: number; soldOut?: boolean; onSale?: boolean },
): Promise<void> {
  const patch: SharedProduct = {
    ...(options.price === undefined ? {} : { price: { amount: options.price } }),
    ...(options.soldOut === true ? { stock: 'sold-out' } : options.onSale === true ? { stock: 'on-sale' } : {}),
  };
  const { EngineError } = await import('../../core/errors.js');
  if (Object.keys(patch).length === 0)
    throw new EngineError('E_BAD_REQUEST', {
      where: 'engine fleet edit',
      expected: '--price, --sold-out or --on-sale',
      found: 'none',
    });
  await withFleet(options, async (fleet) => {
    const results = await fleet.edit(show, options.product, patch);
    if (options.json === true) printJson(results);
    else
      for (const { room, error } of results) print(error === '' ? `✓ ${room}` : `✗ ${room}: ${onOneLine(error, 300)}`);
    if (results.some(({ error }) => error !== '')) process.exitCode = 1;
  });
}

async function records(id: string, options: FleetOptions & { out: string; key?: string }): Promise<void> {
  const [{ readFleetKey }, { fetchRecords }] = await Promise.all([
    import('../../fleet/fleet-key.js'),
    import('../../fleet/rooms/fetch-records.js'),
  ]);
  const key = await readFleetKey(options.key, process.env);
  await withFleet(options, async ({ store }) => {
    const fetched = await fetchRecords(store, id, key, resolve(options.out));
    if (options.json === true) return printJson(fetched);
    print(`✓ ${fetched.ledger}, ${fetched.evidence} pieces of evidence`);
    print(fetched.store === null ? '  no records for a report yet' : `  engine report --store ${fetched.store}`);
  });
}

async function limit(owner: string, rooms: number | null, options: FleetOptions): Promise<void> {
  await withFleet(options, async (fleet) => {
    await fleet.redis.limit(owner, rooms);
    if (options.json === true) printJson({ owner, rooms });
    else print(`✓ ${owner}: ${rooms ?? 'no limit'}`);
  });
}

async function plan(options: FleetOptions & { add: number; cost: number; without?: string[] }): Promise<void> {
  await withFleet(options, async (fleet) => {
    const result = await fleet.plan({ add: options.add, cost: options.cost, without: options.without ?? [] });
    if (options.json === true) return printJson(result);
    for (const { name, used, capacity, rooms } of result.workers)
      print(`${name.padEnd(16)} ${used} of ${capacity}, ${rooms} rooms`);
    print(`${result.placed} rooms placed, ${result.left.length} without a place; ${result.free} reference rooms free`);
    print(
      result.freeWithoutLargest >= 0
        ? `  with the largest worker gone ${result.freeWithoutLargest} stay free`
        : `  with the largest worker gone ${-result.freeWithoutLargest} would have no place`,
    );
    for (const { room, why } of result.left.slice(0, 20)) print(`  ${room}: ${why}`);
    if (result.left.length > 0) process.exitCode = 1;
  });
}
