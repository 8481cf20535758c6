// The entry point: turns on the compile cache before anything large is loaded, then hands over to the command line.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the built program, never in the shared /tmp: whoever may write there could plant code for us to run.
// Failing (a read-only tree) only costs start-up time. Not under plain type stripping, where it would litter src/.
if (import.meta.filename.endsWith('.js')) enableCompileCache(join(import.meta.dirname, '.compile-cache'));
if (process.env['VEDETTE_DEBUG']) process.setSourceMapsEnabled(true);

const [{ run }, { version }, { compose }] = await Promise.all([import('./cli/run.ts'), import('./cli/program.ts'), import('./compose.ts')]);
process.exitCode = await run(process.argv.slice(2), compose(version));
