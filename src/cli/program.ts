// The command tree. Each command is one file in commands/, added here.

import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { AnalyzeRequest, AnalyzeResult } from '../workflows/analyze.ts';
import type { Bundles } from '../workflows/bundle/bundles.ts';
import type { CheckCloudRequest, CheckCloudResult } from '../workflows/check-cloud.ts';
import type { ContainmentJobs } from '../workflows/containment/index.ts';
import type { CutRequest } from '../workflows/cut.ts';
import type { PacketsRequest, PacketsResult } from '../workflows/packets.ts';
import { addAnalyzeCommand } from './commands/analyze.ts';
import { addCaseCommands, type CaseJobs } from './commands/case/index.ts';
import { addCloudCommand } from './commands/cloud.ts';
import { addConfigCommand } from './commands/config.ts';
import { addCutCommand } from './commands/cut.ts';
import { addEvidenceCommands } from './commands/evidence/index.ts';
import { addExposureCommands, type ExposureJobs } from './commands/exposure/index.ts';
import { addInventoryCommand, type InventoryWorkflows } from './commands/inventory.ts';
import { addActCommands } from './commands/isolate.ts';
import { addPacketsCommand } from './commands/packets.ts';
import { addReleaseCommands } from './commands/release.ts';
import { addWhoisCommand } from './commands/whois.ts';

/** Version of this build, from package.json. */
export const version: string = packageJson.version;

/** The jobs that the commands start; compose.ts wires them. */
export interface Workflows {
  readonly analyze: (request: AnalyzeRequest) => Promise<AnalyzeResult>;
  readonly checkCloud: (request: CheckCloudRequest) => Promise<CheckCloudResult>;
  /** isolate, lock, snapshot, release, contain, actions. */
  readonly containment: ContainmentJobs;
  readonly cut: (request: CutRequest) => Promise<number>;
  readonly cutPackets: (request: PacketsRequest) => Promise<PacketsResult>;
  readonly inventory: InventoryWorkflows;
  readonly exposure: ExposureJobs;
  readonly cases: CaseJobs;
  /** Jobs on bundles, with the cases and the key of a state directory. */
  readonly bundles: (stateDirectory: string) => Bundles;
}

const examples = `
Examples:
  vedette analyze capture.pcap --out case-17         logs, findings and a report
  vedette packets capture.pcap --filter "host 203.0.113.9" -o cut.pcapng
  vedette cut -u ts id.orig_h id.resp_h --input case-17/conn.log
  vedette config explain
`;

/** A fresh program; errors come as exceptions and are shown by run.ts. */
export function createProgram(workflows: Workflows): Command {
  const program = new Command('vedette')
    .description('Finds, proves and contains compromised cloud VMs from the network alone.')
    .version(version)
    .addHelpText('after', examples)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  addAnalyzeCommand(program, workflows.analyze);
  addPacketsCommand(program, workflows.cutPackets);
  addCutCommand(program, workflows.cut);
  addCloudCommand(program, workflows.checkCloud);
  addActCommands(program, workflows.containment);
  addReleaseCommands(program, workflows.containment);
  addInventoryCommand(program, workflows.inventory);
  addWhoisCommand(program, workflows.inventory.open, workflows.inventory.now);
  addExposureCommands(program, workflows.exposure);
  addCaseCommands(program, workflows.cases);
  addEvidenceCommands(program, workflows.bundles);
  addConfigCommand(program);
  return program;
}
