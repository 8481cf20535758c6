// The archive in a state directory: exposure/2026-11-30/031500Z/{plan.json,hosts.ndjson,report.json,…}, acceptances.ndjson beside.

import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { VedetteError } from '../../base/errors.ts';
import { makeDirectory } from '../../disk/make-directory.ts';
import { replaceFile } from '../../disk/replace-file.ts';
import { type Acceptance, type ExposureReport, exposureSchema, type MeasuredHost } from '../../model/exposure.ts';
import type { ExposureArchive, RunPlan, RunWriter, StoredMail, WaitingMail } from '../exposure-archive.ts';
import { linesOf, reasonOf, textOf } from './lines.ts';
import { openRun } from './run-writer.ts';

const datePattern = /^\d{4}-\d\d-\d\d$/;
const timePattern = /^\d{6}Z$/;
const idPattern = /^(\d{4}-\d\d-\d\d)T(\d{6}Z)$/;

class ExposureDirectory implements ExposureArchive {
  readonly path: string;

  constructor(stateDirectory: string) {
    this.path = join(stateDirectory, 'exposure');
  }

  begin(plan: RunPlan): RunWriter {
    const directory = this.#directory(plan.id);
    this.#make(directory);
    if (existsSync(join(directory, 'plan.json'))) throw new VedetteError('output-exists', { path: directory });
    const run = openRun(directory, plan);
    run.write('plan.json', `${JSON.stringify(plan, undefined, 2)}\n`);
    return run;
  }

  resume(id: string): RunWriter {
    const plan = this.#json<RunPlan>(id, 'plan.json');
    if (plan.schema !== 1 || !Array.isArray(plan.addresses)) {
      throw new VedetteError('exposure-damaged', { path: join(this.#directory(id), 'plan.json'), problem: `schema ${plan.schema}` });
    }
    return openRun(this.#directory(id), plan);
  }

  runs(): readonly { readonly id: string; readonly state: 'complete' | 'partial' | 'unfinished' }[] {
    const days = this.#list(this.path).filter((name) => datePattern.test(name));
    const ids = days.flatMap((day) =>
      this.#list(join(this.path, day))
        .filter((name) => timePattern.test(name))
        .map((time) => `${day}T${time}`),
    );
    return ids.map((id) => ({ id, state: this.#state(id) }));
  }

  report(id: string): ExposureReport {
    const report = this.#json<ExposureReport>(id, 'report.json');
    if (report.schema !== exposureSchema || !Array.isArray(report.exposures)) {
      throw new VedetteError('exposure-damaged', { path: join(this.#directory(id), 'report.json'), problem: `schema ${report.schema}` });
    }
    return report;
  }

  hosts(id: string): Map<string, MeasuredHost> {
    const lines = linesOf<MeasuredHost>(join(this.#directory(id), 'hosts.ndjson'));
    return new Map(lines.filter(({ address }) => typeof address === 'string').map((host) => [host.address, host]));
  }

  acceptances(): readonly Acceptance[] {
    // The newest word on each port of each owner.
    const newest = new Map<string, Acceptance>();
    for (const one of linesOf<Acceptance>(join(this.path, 'acceptances.ndjson'))) {
      newest.set(`${one.ownerKey}|${one.protocol}|${one.port}`, one);
    }
    return [...newest.values()];
  }

  accept(acceptance: Acceptance): void {
    const path = join(this.path, 'acceptances.ndjson');
    this.#make(this.path);
    try {
      appendFileSync(path, `${JSON.stringify(acceptance)}\n`, { mode: 0o640 });
    } catch (cause) {
      throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
    }
  }

  waitingMail(): readonly WaitingMail[] {
    return this.runs().flatMap(({ id }) =>
      this.#list(join(this.#directory(id), 'outbox')).flatMap((name) => {
        if (!name.endsWith('.json')) return [];
        return [{ runId: id, name, mail: this.#json<StoredMail>(id, join('outbox', name)) }];
      }),
    );
  }

  keepMail(runId: string, name: string, mail: StoredMail): void {
    const folder = join(this.#directory(runId), 'outbox');
    this.#make(folder);
    replaceFile(join(folder, name), `${JSON.stringify(mail)}\n`);
  }

  removeMail(runId: string, name: string): void {
    rmSync(join(this.#directory(runId), 'outbox', name), { force: true });
  }

  #state(id: string): 'complete' | 'partial' | 'unfinished' {
    if (existsSync(join(this.#directory(id), 'report.json'))) return 'complete';
    return existsSync(join(this.#directory(id), 'partial.json')) ? 'partial' : 'unfinished';
  }

  #directory(id: string): string {
    const [, day, time] = idPattern.exec(id) ?? [];
    if (day === undefined || time === undefined) throw new VedetteError('exposure-none', { path: this.path, which: ` ${id}` });
    return join(this.path, day, time);
  }

  #make(path: string): void {
    try {
      makeDirectory(path, 0o750);
    } catch (cause) {
      throw new VedetteError('output-unwritable', { path, reason: reasonOf(cause) }, { cause });
    }
  }

  #list(path: string): string[] {
    return existsSync(path) ? readdirSync(path).sort() : [];
  }

  #json<T>(id: string, name: string): T {
    const path = join(this.#directory(id), name);
    const text = textOf(path);
    if (text === undefined) throw new VedetteError('exposure-none', { path: this.path, which: ` ${id}` });
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw new VedetteError('exposure-damaged', { path, problem: 'is not JSON' }, { cause });
    }
  }
}

/** Opens the archive; nothing is written before something is kept. */
export const openExposureDirectory = (stateDirectory: string): ExposureArchive => new ExposureDirectory(stateDirectory);
