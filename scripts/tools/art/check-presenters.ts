/**
 * Compares every two presenters and fails when two look too much alike.
 *
 *     npm run tool -- check-presenters
 */
import { listCast } from '../../../src/avatar/list-cast.js';
import { headPicture, MIN_DISTANCE, nearestPairs } from './cast/face-distance.js';

const heads = [];
for (const { dir } of await listCast()) heads.push(await headPicture(dir));
const pairs = nearestPairs(heads);
for (const { a, b, distance } of pairs.slice(0, 12))
  process.stdout.write(`${a.padEnd(12)}${b.padEnd(12)}${distance.toFixed(2)}\n`);
const median = pairs[Math.floor(pairs.length / 2)]!.distance;
process.stdout.write(
  `${heads.length} presenters, ${pairs.length} pairs, median ${median.toFixed(1)}, minimum allowed ${MIN_DISTANCE}\n`,
);
if (pairs[0]!.distance < MIN_DISTANCE) process.exitCode = 1;
