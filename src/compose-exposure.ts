// Part of the composition root: scans of what the outside can reach.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { VedetteError } from './base/errors.ts';
import type { Channels, ExposureJobs } from './cli/commands/exposure/jobs.ts';
import { makeDirectory } from './disk/make-directory.ts';
import { replaceFile } from './disk/replace-file.ts';
import { ConnectScanner } from './exposure/connect/connect-scanner.ts';
import { NmapScanner } from './exposure/nmap/nmap-scanner.ts';
import { examplePolicy } from './exposure/policy-file.ts';
import { SocketProber } from './exposure/probe/socket-prober.ts';
import { SpawnRunner } from './host/spawn/spawn-runner.ts';
import { openExposureDirectory } from './store/exposure-directory/exposure-directory.ts';
import { readPolicy } from './workflows/exposure/context.ts';
import type { ExposureDependencies } from './workflows/exposure/dependencies.ts';
import { install, installFiles } from './workflows/exposure/install.ts';
import { sendWaitingMail } from './workflows/exposure/mail.ts';
import { acceptExposure, diffReports, exposureHistory, openReport } from './workflows/exposure/reports.ts';
import { scanExposure } from './workflows/exposure/scan.ts';

/** What the rest of the composition gives. */
export type ExposureParts = Pick<ExposureDependencies, 'version' | 'now' | 'platform' | 'openInputs' | 'openInventory' | 'actor'>;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VedetteError(
      code === 'ENOENT' || code === 'ENOTDIR' ? 'input-missing' : 'input-unreadable',
      { path, reason: code },
      { cause },
    );
  }
}

/** cron refuses files that others may write. */
const unitMode = 0o644;

function writeText(path: string, content: string): void {
  try {
    makeDirectory(dirname(path));
  } catch (cause) {
    throw new VedetteError('output-unwritable', { path, reason: (cause as NodeJS.ErrnoException).code ?? String(cause) }, { cause });
  }
  replaceFile(path, content, unitMode);
}

/** The jobs, wired to the real world. */
export function composeExposure(parts: ExposureParts): ExposureJobs {
  const { now, version } = parts;
  const isRoot = process.getuid?.() === 0;
  const withChannels = (channels: Channels): ExposureDependencies => ({
    ...parts,
    ...{ isRoot, readText, writeText, openArchive: openExposureDirectory },
    nmap: new NmapScanner({ runner: new SpawnRunner(), privileged: isRoot, now }),
    connect: new ConnectScanner({ now }),
    prober: new SocketProber(version),
    openMailer: async (channel) => (await import('./compose-notify.ts')).composeMailer(channel, channels),
    wait: (milliseconds) => sleep(milliseconds),
    // Of dist/main.js or src/main.ts: the launcher is beside the folder.
    launcher: resolve(dirname(process.argv[1] ?? ''), '..', 'vedette'),
  });
  const plain = withChannels({});
  return {
    scan: (request, channels) => scanExposure(request, withChannels(channels)),
    report: (state, run) => openReport(openExposureDirectory(state), run),
    diff: (state, from, to) => diffReports(openExposureDirectory(state), from, to),
    history: (state, limit, address) => exposureHistory(openExposureDirectory(state), limit, address),
    accept: (state, request) => acceptExposure(openExposureDirectory(state), request, plain),
    acceptances: (state) => openExposureDirectory(state).acceptances(),
    mail: (state, channels) => sendWaitingMail(openExposureDirectory(state), withChannels(channels)),
    install: (request, print) => (print ? installFiles(request, plain.launcher) : install(request, plain)),
    policy: (path) => ({ ...readPolicy(path, plain) }),
    ...{ examplePolicy, write: writeText },
  };
}
