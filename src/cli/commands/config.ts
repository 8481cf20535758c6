// vedette config: what the configuration file may say.
import type { Command } from 'commander';
import { loadConfig, standardPath } from '../../config/load-config.ts';
import { configSchema, settings } from '../../config/settings.ts';

const examples = `
Examples:
  vedette config explain                 every key, what it does, its standard value, an example
  vedette config schema > schema.json    the JSON Schema, for editors
  vedette config check vedette.yaml      say what is wrong with a file
`;

const example = (rest: string): string => `\nExample:\n  vedette config ${rest}\n`;

/** Adds the command. */
export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .summary('explain and check the configuration')
    .description('Explains and checks the configuration file (YAML).')
    .addHelpText('after', examples);
  config
    .command('explain')
    .description(`Documents every key. The file is ${standardPath}, or what --config names.`)
    .addHelpText('after', example('explain | less'))
    .action(() => {
      const text = settings
        .map(({ key, doc, standard, example }) => `${key}\n  ${doc}\n  Standard: ${standard}\n  Example:  ${example}\n`)
        .join('\n');
      process.stdout.write(text);
    });
  config
    .command('schema')
    .description('Prints the JSON Schema of the file.')
    .addHelpText('after', example('schema > vedette.schema.json'))
    .action(() => {
      process.stdout.write(`${JSON.stringify(configSchema(), undefined, 2)}\n`);
    });
  config
    .command('check')
    .description('Checks a file; one line says what is wrong.')
    .argument('[file]', 'the file', standardPath)
    .addHelpText('after', example('check ./vedette.yaml'))
    .action((file: string) => {
      loadConfig(file);
      process.stdout.write(`${file} is valid\n`);
    });
}
