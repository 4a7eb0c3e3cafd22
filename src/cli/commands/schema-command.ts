import { Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Prints the JSON Schema of the room file')
    .addHelpText('after', '\nExample:\n  engine schema > room.schema.json')
    .action(async () => {
      const { roomSchema } = await import('../../config/room-schema.js');
      process.stdout.write(`${JSON.stringify(roomSchema(), null, 2)}\n`);
    });
}
