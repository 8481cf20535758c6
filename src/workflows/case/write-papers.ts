// The jobs of `vedette case report` and `vedette case notice`: papers of a case, for the team and for the tenant.
import { VedetteError } from '../../base/errors.ts';
import { type Cidr, parseCidr } from '../../base/ip.ts';
import type { CaseSubject } from '../../model/case.ts';
import type { Finding } from '../../model/finding.ts';
import { incidentReport } from '../../report/case/incident-report.ts';
import { findingsOf, tenantNotice } from '../../report/case/tenant-notice.ts';
import type { Language } from '../../report/values.ts';
import type { Cases } from './cases.ts';
import { localOf } from './read-analysis.ts';

/** What the jobs need of the outside. */
export interface PaperDependencies {
  readonly version: string;
  readonly cases: Cases;
  readonly now: () => Date;
  readonly sha256: (text: string) => string;
  /** Writes new files into a directory, readable by their owner alone. @throws {VedetteError} `output-occupied`, `output-unwritable` */
  writeNew(directory: string, files: Readonly<Record<string, string>>): Promise<void>;
  absolute(path: string): string;
}

export interface NoticeRequest {
  readonly caseId: string;
  readonly out: string;
  readonly language: Language;
  /** Name or address; needed where a case has several machines. */
  readonly machine?: string;
  /** Our public ranges, besides those that the analysis was told. */
  readonly ours: readonly Cidr[];
  readonly contact?: string;
  readonly answerBy?: string;
}

/** What was written. */
export interface Paper {
  readonly directory: string;
  readonly files: readonly string[];
  /** Something that the reader should know before it is sent. */
  readonly warnings: readonly string[];
}

const labelOf = ({ machine, address, context }: CaseSubject): string =>
  [machine, address, context && `[${context}]`].filter(Boolean).join(' ');

/** Writes papers of cases, and into the journal that they were written. */
export class CasePapers {
  readonly #dependencies: PaperDependencies;

  constructor(dependencies: PaperDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {VedetteError} `case-unknown`, `output-occupied`, `output-unwritable` */
  async report(caseId: string, out: string, language: Language): Promise<Paper> {
    const { cases, version, now } = this.#dependencies;
    const input = { version, language, at: now().toISOString(), case: await cases.get(caseId), findings: await cases.findings(caseId) };
    return this.#write(caseId, 'report', out, `incident-${caseId}`, incidentReport(input));
  }

  /** @throws {VedetteError} `usage` when it is not clear whose notice it is, `case-unknown`, `output-occupied`, `output-unwritable` */
  async notice({ caseId, out, language, machine: wanted, ours: given, contact, answerBy }: NoticeRequest): Promise<Paper> {
    const { cases } = this.#dependencies;
    const one = await cases.get(caseId);
    const findings = await cases.findings(caseId);
    const machine = this.#machineOf(one.subjects, findings, wanted);
    const ours = [...given, ...(await this.#localOf(caseId))];
    const paper = tenantNotice({
      ...{ language, case: one, findings, machine, ours: ours.length === 0 ? undefined : ours },
      ...(contact !== undefined && { contact }),
      ...(answerBy !== undefined && { answerBy }),
    });
    const written = await this.#write(caseId, 'notice', out, `notice-${caseId}`, paper);
    return ours.length > 0
      ? written
      : {
          ...written,
          warnings: [
            'outside addresses are left out: say with --ours which public ranges are yours, for an address in them may be another tenant',
          ],
        };
  }

  async #localOf(caseId: string): Promise<Cidr[]> {
    const run = JSON.parse(await this.#dependencies.cases.file(caseId, 'run.json')) as Readonly<Record<string, unknown>>;
    return localOf(run).flatMap((text) => parseCidr(text) ?? []);
  }

  #machineOf(subjects: readonly CaseSubject[], findings: readonly Finding[], wanted: string | undefined): CaseSubject {
    const matching = wanted === undefined ? subjects : subjects.filter(({ machine, address }) => machine === wanted || address === wanted);
    const [only, second] = matching;
    const all = subjects.map(labelOf).join(', ');
    if (only === undefined)
      throw new VedetteError('usage', { problem: `the case is not about ${wanted ?? 'any machine'}`, advice: `it is about ${all}` });
    if (second !== undefined)
      throw new VedetteError('usage', { problem: 'the case is about several machines', advice: `name one with --machine: ${all}` });
    if (findingsOf(findings, only).length === 0)
      throw new VedetteError('usage', { problem: `no finding is about ${labelOf(only)}`, advice: `it is about ${all}` });
    return only;
  }

  async #write(
    caseId: string,
    event: 'report' | 'notice',
    out: string,
    name: string,
    paper: { html: string; markdown: string },
  ): Promise<Paper> {
    const { writeNew, absolute, cases, sha256 } = this.#dependencies;
    const directory = absolute(out);
    const files = { [`${name}.html`]: paper.html, [`${name}.md`]: paper.markdown };
    await writeNew(directory, files);
    await cases.record(caseId, { event, path: `${directory}/${name}.html`, sha256: sha256(paper.html) });
    return { directory, files: Object.keys(files), warnings: [] };
  }
}
