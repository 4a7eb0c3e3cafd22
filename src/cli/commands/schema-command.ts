import { Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('Prints the JSON Schema of the room file. 输出房间文件的 JSON Schema。')
    .option('--rules', 'print the schema of a rule pack instead (templates/rules)')
    .addHelpText(
      'after',
      '\nExamples:\n  engine schema > room.schema.json\n  engine schema --rules > rule-pack.schema.json',
    )
    .action(async ({ rules }: { rules?: boolean }) => {
      const schema =
        rules === true
          ? (await import('../../moderation/packs/index.js')).rulePackSchema()
          : (await import('../../config/room-schema.js')).roomSchema();
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    });
}
