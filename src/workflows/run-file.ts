// run.json: what a run was told, what it read and counted. It is there from the beginning, so that a run that breaks off says so.
import { formatCidr } from '../base/ip.ts';
import { epochMicros, formatInstant } from '../base/units.ts';
import type { OutputDirectory } from '../store/output-directory.ts';
import type { AnalyzeRequest, AnalyzeResult, InputSummary } from './analyze.ts';

const name = 'run.json';

/** What `partial` says as long as the run goes on, and for ever when it is killed. */
const running = 'running';

const instant = (micros: number): string | null => (micros === 0 ? null : formatInstant(epochMicros(micros)));
const textOf = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The file of one run: `begin` it, `end` it. */
export class RunFile {
  readonly #output: OutputDirectory;
  readonly #started: Date;
  readonly #head: object;
  #sources: readonly object[] = [];

  constructor(
    output: OutputDirectory,
    { inputs, format, language, tune, local, known, onlyLogs }: AnalyzeRequest,
    { version, started }: { readonly version: string; readonly started: Date },
  ) {
    this.#output = output;
    this.#started = started;
    const configuration = {
      ...{ inputs, format, language, tune, ...(onlyLogs === true && { onlyLogs }) },
      local: local.map(formatCidr),
      known: known.map(({ label, range }) => ({ label, range: formatCidr(range) })),
    };
    this.#head = { schema: 1, version, started: started.toISOString(), configuration };
  }

  /** @param inputs of which nothing is known yet but where they are. @throws {VedetteError} `output-unwritable` */
  begin(inputs: readonly InputSummary[]): void {
    this.#sources = inputs.map(({ source }) => ({ source }));
    this.#output.begin(name, textOf({ ...this.#head, inputs: this.#sources, partial: running }));
  }

  /** Where the disk has no room for everything, says at least how the run ended. @throws {VedetteError} `output-unwritable` */
  end({ findings, outDirectory: _, summary: __, partial, firstAt, lastAt, ...rest }: AnalyzeResult, ended: Date): void {
    const seconds = (ended.getTime() - this.#started.getTime()) / 1000;
    const last = { partial: partial ?? false, firstAt: instant(firstAt), lastAt: instant(lastAt), findings: findings.length };
    try {
      this.#output.replace(name, textOf({ ...this.#head, seconds, ...rest, ...last }));
    } catch (error) {
      this.#output.replace(name, textOf({ ...this.#head, seconds, inputs: this.#sources, ...last, partial: (error as Error).message }));
      throw error;
    }
  }
}
