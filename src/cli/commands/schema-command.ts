import { Command } from 'commander';
import { roomSchema } from '../../config/room-schema.js';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Prints the JSON Schema of the room file')
    .addHelpText('after', '\nExample:\n  engine schema > room.schema.json')
    .action(() => void process.stdout.write(`${JSON.stringify(roomSchema(), null, 2)}\n`));
}
