// Containment on the fake cloud with a process that can die: at any call, on either side of it, and in the middle of any write.
import { FakeCloud, type FakeMoment } from '../../src/cloud/fake/fake-cloud.ts';
import type { FakeWorld } from '../../src/cloud/fake/fake-world.ts';
import type { Action } from '../../src/response/action.ts';
import { type ActionRecord, actionRecords } from '../../src/response/action-record.ts';
import { begin, carryOut, type SettleContext, takeBack } from '../../src/response/executor.ts';
import { Journal, type JournalFile, type JournalHead } from '../../src/response/journal.ts';
import type { Parameter } from '../../src/response/journal-entry.ts';

/** Nothing of ours catches this: the process is gone. */
export class ProcessDied extends Error {}

/** Counts the moments of a process; at one of them it dies, and does nothing more. */
export class Life {
  moments = 0;
  readonly #end: number;
  #dead = false;

  constructor(end = Number.POSITIVE_INFINITY) {
    this.#end = end;
  }

  /** A moment passes. @throws {ProcessDied} */
  pass(): void {
    this.moments += 1;
    if (this.moments === this.#end) this.#dead = true;
    if (this.#dead) throw new ProcessDied(`at moment ${this.moments}`);
  }
}

/** A file in memory; what was written stays when the process dies. */
export class MemoryJournal implements JournalFile {
  readonly path = 'journal.ndjson';
  text = '';
  head: JournalHead | undefined;
  life = new Life();

  read(): string {
    return this.text;
  }

  append(text: string): void {
    this.life.pass();
    // Half of it is on disk before the rest is.
    this.text += text.slice(0, text.length / 2);
    this.life.pass();
    this.text += text.slice(text.length / 2);
    this.life.pass();
  }

  truncate(bytes: number): void {
    this.text = Buffer.from(this.text).subarray(0, bytes).toString();
  }

  readHead(): JournalHead | undefined {
    return this.head;
  }

  writeHead(head: JournalHead): void {
    this.head = head;
    this.life.pass();
  }
}

export const actor = { person: 'kari@desk', cloudUser: 'admin' };
const id = 'a1';
const now = (): Date => new Date(Date.UTC(2026, 10, 29, 12));

/** One state directory and one cloud, used by processes that come and go. */
export class ContainmentBench {
  readonly world: FakeWorld;
  readonly file = new MemoryJournal();
  /** Something else that happens at each moment of the cloud. */
  onMoment: (moment: FakeMoment) => void = () => {};

  constructor(world: FakeWorld) {
    this.world = world;
  }

  /** A new process with this life. */
  start(life = new Life()): SettleContext {
    this.file.life = life;
    const cloud = new FakeCloud(this.world, {
      onMoment: (moment) => {
        life.pass();
        this.onMoment(moment);
      },
    });
    return { cloud, journal: new Journal(this.file, now), sleep: () => Promise.resolve() };
  }

  /** Plans and carries out. */
  async apply<P extends Readonly<Record<string, Parameter>>>(
    action: Action<P>,
    machineId: string,
    parameters: P,
    life?: Life,
  ): Promise<ActionRecord> {
    const context = this.start(life);
    const { cloud } = context;
    const [identity, state] = [await cloud.identity(), await cloud.machineState(machineId)];
    const plan = await action.plan({ cloud, identity, state, action: id, reason: 'scans' }, parameters);
    const { name, projectId } = state.machine;
    const header = { entry: 'planned', action: id, name: action.name, cloud: cloud.name, actor, reason: 'scans', parameters } as const;
    begin(context, { ...header, machine: { id: machineId, name, projectId }, ...plan });
    return carryOut(context, id);
  }

  /** What the journal holds of the action; undefined when it was never planned. */
  record(): ActionRecord | undefined {
    return actionRecords(this.start().journal.lines).at(-1);
  }

  resume(life?: Life): Promise<ActionRecord> {
    return carryOut(this.start(life), id);
  }

  release(force = false, life?: Life): Promise<ActionRecord> {
    return takeBack(this.start(life), id, { actor, reason: 'done', force });
  }
}
