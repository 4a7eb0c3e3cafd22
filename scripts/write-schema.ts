import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { roomSchema } from '../src/config/room-schema.js';
import { templatePath } from '../src/core/files/paths.js';

/** Writes the JSON Schema that the demo rooms' `$schema` names: `npx tsx scripts/write-schema.ts`. */
const file = templatePath('schema', 'room.schema.json');
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(roomSchema(), null, 2)}\n`);
console.log(file);
