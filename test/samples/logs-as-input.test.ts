// A capture, and the logs that were written of it, tell the detectors the same.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import { analyzeHere } from '../support/analyze-here.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

const samples = join(import.meta.dirname, '../../samples');
const names = readdirSync(samples)
  .filter((name) => !/^(README|expected|inventory)/.test(name))
  .sort();

/** Whole findings; measured numbers as far as Zeek's six decimals carry them. */
const claims = (findings: readonly Finding[]): unknown =>
  JSON.parse(JSON.stringify(findings, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(4)) : value)));

test.each(names.flatMap((name) => (['tsv', 'json'] as const).map((format) => [name, format] as const)))(
  '%s has the same findings read from its %s logs',
  async (name, format) => {
    const outDirectory = join(temporaryFolder(), 'out');
    const packets = await analyzeHere([join(samples, name)], { outDirectory, format });
    const logs = await analyzeHere([outDirectory]);
    expect(logs.rows).toEqual(packets.rows);
    expect(claims(logs.findings)).toEqual(claims(packets.findings));
  },
);
