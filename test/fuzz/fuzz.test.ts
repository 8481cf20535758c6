import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../support/repository.ts';
import { fileSeeds } from './file-seeds.ts';
import { mutatedFile, runFile } from './file-target.ts';
import { mutatedPackets } from './mutate-packets.ts';
import { runPackets } from './packet-target.ts';
import { Random } from './random.ts';
import { readSeeds } from './seeds.ts';

// A taste of `npm run fuzz`, which CI runs for a minute: the same damage each time, so that a failure here is ours to mend.
const seed = 20261121;
const conversations = await readSeeds([join(repository, 'samples')]);

it('survives damaged packets', () => {
  expect(conversations.length).toBeGreaterThan(0);
  for (let run = 0; run < 8; run++) {
    runPackets(mutatedPackets(conversations, 1000, new Random(seed, run)), () => undefined);
  }
});

it('reads damaged captures and logs, or says what is wrong with them', async () => {
  const seeds = fileSeeds(conversations);
  const directory = mkdtempSync(join(tmpdir(), 'vedette-fuzz-'));
  try {
    for (let run = 0; run < 300; run++) {
      const random = new Random(seed, run);
      await runFile(mutatedFile(seeds, random), directory, random);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

it('makes the same damage from the same numbers', () => {
  const packets = () => mutatedPackets(conversations, 200, new Random(seed, 3));
  expect(packets()).toEqual(packets());
});
