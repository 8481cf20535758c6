// The port to programs of this machine. Who asks names a program and its arguments; how it is found, bounded and ended is the adapter's.

/** Programs that may be started. Nothing else is, whatever a caller asks for. */
export const allowedPrograms = ['tcpdump', 'ip', 'conntrack', 'nmap', 'openssl', 'chronyc', 'timedatectl'] as const;

export type Program = (typeof allowedPrograms)[number];

export interface CommandRequest {
  readonly program: Program;
  /** Passed as they are; there is no shell. */
  readonly args: readonly string[];
  /** Network namespace to run in; letters, digits, `-`, `_` and `.` only. */
  readonly namespace?: string;
  /** Asked to end after this time, forced two seconds later. */
  readonly timeoutMs: number;
  /** Of standard output, and of standard error; what is beyond is dropped and counted as `truncated`. Standard: 1 MiB. */
  readonly maxOutputBytes?: number;
  /** Ends the program; the result says `stopped`. */
  readonly signal?: AbortSignal;
  /** Whole lines as they come, without their ends. Lines given here are not kept in the result. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
}

export interface CommandResult {
  /** null when it was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  /** Why it ended other than by itself. */
  readonly ended?: 'timeout' | 'stopped';
}

/** Runs programs of this machine. */
export interface CommandRunner {
  /** @throws {VedetteError} `program-missing`, `program-failed` when it cannot be started; a non-zero exit is a result */
  run(request: CommandRequest): Promise<CommandResult>;
}
