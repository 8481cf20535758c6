// Port: programs of this machine. Adapter: spawn/. There is no shell: a program of the list, and its arguments.

/** Programs that may be run, and nothing else. */
export const programs = ['openssl', 'chronyc', 'timedatectl'] as const;
export type Program = (typeof programs)[number];

export interface CommandResult {
  /** Exit status; what a program means by it is the caller's to know. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Milliseconds until it is ended. Default 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Runs a program to its end. @throws {VedetteError} `program-missing`, `program-failed` (ended by time or signal, too much output) */
export type CommandRunner = (program: Program, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
