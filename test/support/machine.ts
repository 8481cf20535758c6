// Tests that need more than Node: root, a program, a kernel feature. Where it is missing they are skipped by name,
// with what is missing; CI installs everything (.ci/packages) and fails when anything was skipped.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';

/** What a group of tests needs of the machine. */
export interface Needs {
  /** User 0, as for network namespaces and raw capture. */
  readonly root?: boolean;
  /** Programs that must be on the PATH. */
  readonly tools?: readonly string[];
  /** A cloud that tests may change for a moment: see `testCloud`. */
  readonly cloud?: boolean;
  /** Anything else: a sentence that completes "needs …", and whether it is there. */
  readonly other?: Readonly<Record<string, () => boolean>>;
}

/** Environment variable that names a cloud of clouds.yaml to test with. */
export const testCloudVariable = 'VEDETTE_TEST_CLOUD';

/** Name of that cloud; '' when there is none. Its user is an administrator, and the lab's tenants (CONTRIBUTING.md) are in it. */
export const testCloud = (): string => process.env[testCloudVariable] ?? '';

/** Whether an executable of this name is on the PATH. */
export function hasTool(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What of `needs` this machine lacks; empty when the tests can run. */
export function missingHere(needs: Needs): string[] {
  const missing = needs.root && process.getuid?.() !== 0 ? ['root'] : [];
  if (needs.cloud && testCloud() === '') missing.push(`a cloud in ${testCloudVariable}`);
  missing.push(...(needs.tools ?? []).filter((tool) => !hasTool(tool)));
  for (const [name, isThere] of Object.entries(needs.other ?? {})) if (!isThere()) missing.push(name);
  return missing;
}

/**
 * Like `describe`, for tests that need parts of the machine. When one is missing nothing of `body` runs, hooks
 * included, and each of its tests is reported as skipped under a name that says why.
 */
export function describeNeeding(name: string, needs: Needs, body: () => void): void {
  const missing = missingHere(needs);
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${missing.join(', ')})`, body);
}
