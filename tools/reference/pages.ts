// Which reference pages there are.

import { actionsPage } from './actions-page.ts';
import { cliPage } from './cli-page.ts';
import { detectorsPage } from './detectors-page.ts';
import { errorsPage } from './errors-page.ts';
import { recordsPage } from './records-page.ts';

/** Every generated page by its path from the root of the repository. */
export function referencePages(): Record<string, string> {
  return {
    'docs/reference/actions.md': actionsPage(),
    'docs/reference/cli.md': cliPage(),
    'docs/reference/detectors.md': detectorsPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/records.md': recordsPage(),
  };
}
