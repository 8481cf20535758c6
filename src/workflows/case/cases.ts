// What a person does with cases: make one from an analysis, write in it, tick off, change its state, close it.
import { VedetteError } from '../../base/errors.ts';
import {
  type Actor,
  type Case,
  type CaseEvent,
  type CaseStatus,
  type CaseSubject,
  type CheckedItem,
  dueItems,
  openItems,
} from '../../model/case.ts';
import { atLeast, type Finding } from '../../model/finding.ts';
import type { CaseStore } from '../../store/case-store.ts';
import { chosenFindings, readAnalysis } from './read-analysis.ts';

/** What the jobs need of the outside. */
export interface CaseDependencies {
  readonly store: CaseStore;
  readonly now: () => Date;
  readonly actor: Actor;
  /** Text of a file. @throws {VedetteError} `input-missing`, `input-unreadable` */
  readText(path: string): Promise<string>;
  /** Absolute form of a path. */
  absolute(path: string): string;
  readonly sha256: (text: string) => string;
}

export interface CreateCaseRequest {
  /** Output directory of analyze. */
  readonly from: string;
  /** All findings without. */
  readonly findings: readonly string[];
  readonly title?: string;
}

const maxSubjects = 50;

/** Whom grave findings are about; without grave ones, whom any is about. */
function subjectsOf(findings: readonly Finding[]): CaseSubject[] {
  const grave = findings.filter(({ severity }) => atLeast(severity, 'high'));
  const subjects = new Map<string, CaseSubject>();
  for (const { subject } of grave.length > 0 ? grave : findings) subjects.set(`${subject.context ?? ''}|${subject.address}`, subject);
  return [...subjects.values()].slice(0, maxSubjects);
}

/** The jobs on cases. */
export class Cases {
  readonly #dependencies: CaseDependencies;

  constructor(dependencies: CaseDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {VedetteError} `finding-unknown`, `analysis-empty` */
  async create({ from, findings: ids, title }: CreateCaseRequest): Promise<Case> {
    const { store, readText, absolute, sha256 } = this.#dependencies;
    const directory = absolute(from);
    const analysis = await readAnalysis(directory, readText);
    const findings = chosenFindings(analysis, ids);
    const [gravest] = findings;
    if (gravest === undefined) throw new VedetteError('analysis-empty', { path: directory });
    const text = findings.map(({ id }) => `${analysis.lines.get(id) ?? ''}\n`).join('');
    return store.create(
      {
        ...{ event: 'created', title: title ?? `${gravest.title}: ${gravest.subject.machine ?? gravest.subject.address}` },
        ...{ findings: findings.map(({ id }) => id), subjects: subjectsOf(findings), from: directory, findingsSha256: sha256(text) },
        ...this.#stamp(),
      },
      { 'findings.ndjson': text, 'run.json': analysis.run },
    );
  }

  /** Oldest first. */
  list(): Promise<readonly Case[]> {
    return this.#dependencies.store.list();
  }

  get(id: string): Promise<Case> {
    return this.#dependencies.store.get(id);
  }

  findings(id: string): Promise<readonly Finding[]> {
    return this.#dependencies.store.findings(id);
  }

  /** A file kept with the case. @throws {VedetteError} `input-missing` */
  async file(id: string, name: string): Promise<string> {
    const { store } = this.#dependencies;
    const text = await store.file(id, name);
    if (text === undefined) throw new VedetteError('input-missing', { path: `${store.path}/${id}/${name}` });
    return text;
  }

  journal(id: string): Promise<string> {
    return this.#dependencies.store.journal(id);
  }

  note(id: string, text: string): Promise<Case> {
    return this.#add(id, () => ({ event: 'note', text }));
  }

  /** Closing needs everything done or decided, or a reason. @throws {VedetteError} `case-open` */
  status(id: string, status: CaseStatus, reason?: string): Promise<Case> {
    return this.#add(id, (current) => {
      const open = openItems(current);
      if (status === 'closed' && open.length > 0 && reason === undefined) {
        throw new VedetteError('case-open', { id, items: open.map(({ item }) => item).join(', ') });
      }
      return { event: 'status', status, ...(reason !== undefined && { reason }) };
    });
  }

  check(id: string, item: Pick<CheckedItem, 'item' | 'state' | 'note' | 'due'>): Promise<Case> {
    return this.#add(id, () => ({ event: 'check', ...item }));
  }

  /** Writes down what was done with a case elsewhere. */
  record(id: string, event: CaseEvent): Promise<Case> {
    return this.#add(id, () => event);
  }

  /** Items of open cases whose day has come. */
  async due(): Promise<readonly { readonly id: string; readonly items: readonly CheckedItem[] }[]> {
    const today = this.#dependencies.now().toISOString().slice(0, 10);
    const all = await this.list();
    return all.map((one) => ({ id: one.id, items: dueItems(one, today) })).filter(({ items }) => items.length > 0);
  }

  #add(id: string, decide: (current: Case) => CaseEvent): Promise<Case> {
    return this.#dependencies.store.append(id, (current) => ({ ...decide(current), ...this.#stamp() }));
  }

  #stamp(): Actor & { readonly at: string } {
    const { actor, now } = this.#dependencies;
    return { ...actor, at: now().toISOString() };
  }
}
