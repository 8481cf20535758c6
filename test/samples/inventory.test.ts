import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingJson } from '../../src/model/finding.ts';
import { analyzeHere } from '../support/analyze-here.ts';
import { repository } from '../support/repository.ts';

const sample = (name: string): string => join(repository, 'samples', name);
const inventory = { inventory: { paths: [sample('inventory.yaml')] } };
const analyzed = (name: string) => analyzeHere([sample(name)], inventory);

describe('samples with samples/inventory.yaml', () => {
  it('name the machine, its owner, host, router and public address', async () => {
    const { findings, summary } = await analyzed('reverse-shell.pcap');
    const shell = findings.find(({ detector }) => detector === 'D31-interactive-shell');
    expect(shell?.subject).toMatchObject({ address: '10.0.1.12', machine: 'web-1', project: 'shop' });
    expect(shell?.attribution?.subject).toMatchObject({
      verdict: 'one',
      candidates: [
        {
          userName: 'alice',
          host: 'compute-1',
          routerName: 'shop-edge',
          floatingAddress: '203.0.113.20',
          keypair: 'alice-laptop',
          imageName: 'debian-12',
        },
      ],
    });
    expect(summary[0]?.text).toContain('web-1 (10.0.1.12)');
  });

  it('say of an inbound attack whether the port was open, by which rule, and never name the attacker', async () => {
    const { findings } = await analyzed('reverse-shell.pcap');
    const attack = findings.find(({ detector }) => detector === 'D44-command-injection');
    expect(attack?.subject.machine).toBeUndefined();
    expect(attack?.attribution?.peers).toMatchObject([
      {
        address: '10.0.1.12',
        port: 3000,
        exposure: { verdict: 'open', rules: [{ text: 'tcp 3000 from 0.0.0.0/0 (group web)', applies: true }] },
      },
    ]);
  });

  it('tell two tenants of the same address apart by VNI', async () => {
    const { findings } = await analyzed('mirrored-tenants.pcap');
    expect(findings.map(({ subject }) => [subject.machine, subject.project])).toEqual([['green-1', 'green']]);
  });

  it('name who forges sources, and which addresses are unused', async () => {
    const { findings } = await analyzed('scan-and-flood');
    expect(new Set(findings.map(({ subject }) => subject.machine))).toEqual(new Set(['build-7']));
    const dark = findings.find(({ detector }) => detector === 'D05-dark-address');
    expect(dark).toMatchObject({ count: 125, evidence: { unusedByInventory: 125 } });
  });

  it('are the same each time, and unchanged but for the names', async () => {
    const [once, again, plain] = await Promise.all([
      analyzed('reverse-shell.pcap'),
      analyzed('reverse-shell.pcap'),
      analyzeHere([sample('reverse-shell.pcap')]),
    ]);
    expect(once.findings.map(findingJson)).toEqual(again.findings.map(findingJson));
    expect(once.findings.map(({ id }) => id)).toEqual(plain.findings.map(({ id }) => id));
    expect(plain.findings.some((finding) => 'attribution' in finding)).toBe(false);
    expect(Object.keys(JSON.parse(findingJson(once.findings[0] as (typeof once.findings)[number])) as object).at(-1)).toBe('attribution');
  });
});
