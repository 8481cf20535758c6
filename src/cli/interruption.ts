// Ctrl-C and a polite kill: the first one ends a job early and in order, the second one at once.

/** Exit codes of a process that a signal ended: 128 and its number. */
const codes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs a job that stops when its signal says so. */
export async function interruptible(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(codes[name as keyof typeof codes]);
    stop.abort();
  };
  for (const name of Object.keys(codes)) process.on(name, onSignal);
  try {
    await job(stop.signal);
  } finally {
    for (const name of Object.keys(codes)) process.off(name, onSignal);
  }
}
