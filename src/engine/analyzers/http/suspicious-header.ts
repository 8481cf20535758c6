// Marks header lines that carry syntax of a shell, of Java look-ups or of a script: the payloads of Shellshock, Log4Shell and
// their kin can be in any header. Cheap, and no verdict: detectors judge the lines that are kept.

const openers = new Uint8Array(256);
for (const character of '$(`;|&/<%') openers[character.charCodeAt(0)] = 1;

/** Commands that attackers chain; each needs a separator before and a non-letter after. */
const commands = [
  'wget curl tftp ftpget fetch nc ncat busybox bash sh dash zsh python python2 python3 perl php ruby lua socat telnet openssl',
  'powershell cmd cat echo printf id whoami uname ping sleep chmod rm cp mv cd touch ls ifconfig nslookup exec eval export sudo',
]
  .join(' ')
  .split(' ');
const commandsByFirst: (readonly string[] | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const list = commands.filter((command) => command.charCodeAt(0) === byte);
  return list.length > 0 ? list : undefined;
});

/** Blanks and separators skipped between a separator and its command: a bound on hostile headers. */
const maxBetween = 16;

const isLetter = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39);

function holds(u8: Uint8Array, at: number, end: number, text: string): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (((u8[at + i] ?? 0) | 0x20) !== (text.charCodeAt(i) | 0x20)) return false;
  return true;
}

/** A command follows the separator at `at`. */
function isChained(u8: Uint8Array, at: number, end: number): boolean {
  let word = at + 1;
  const last = Math.min(end, word + maxBetween);
  while (word < last && (u8[word] === 0x20 || u8[word] === u8[at])) word++;
  if (word === end) return false;
  if (u8[word] === 0x2f) return holds(u8, word, end, '/bin/') || holds(u8, word, end, '/usr/');
  const list = commandsByFirst[u8[word] ?? 0];
  return list !== undefined && isCommand(u8, word, end, list);
}

/** One of the commands stands at `at` as a whole word and is not a name that gets a value. */
function isCommand(u8: Uint8Array, at: number, end: number, list: readonly string[]): boolean {
  const second = u8[at + 1];
  for (const command of list) {
    if (second !== command.charCodeAt(1) || !holds(u8, at, end, command)) continue;
    const next = u8[at + command.length] ?? 0;
    if (!isLetter(next) && next !== 0x3d) return true;
  }
  return false;
}

function isPath(u8: Uint8Array, at: number, end: number): boolean {
  const next = u8[at + 1];
  if (next === 0x64) return holds(u8, at, end, '/dev/tcp/') || holds(u8, at, end, '/dev/udp/');
  return next === 0x62 && (holds(u8, at, end, '/bin/sh') || holds(u8, at, end, '/bin/bash'));
}

function opens(u8: Uint8Array, at: number, end: number): boolean {
  switch (u8[at]) {
    case 0x24: // $
      return u8[at + 1] === 0x7b || u8[at + 1] === 0x28;
    case 0x28: // (
      return u8[at + 1] === 0x29 && (holds(u8, at, end, '() {') || holds(u8, at, end, '(){'));
    case 0x60: // `
      return true;
    case 0x2f: // /
      return isPath(u8, at, end);
    case 0x3c: // <
      return holds(u8, at, end, '<?php') || holds(u8, at, end, '<%');
    case 0x25: // %
      return holds(u8, at, end, '%24%7b') || holds(u8, at, end, '%{');
    default: // ; | &
      return isChained(u8, at, end);
  }
}

/** Whether the value `[start, end)` holds such syntax. Reads in place. */
export function isSuspicious(u8: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (openers[u8[at] ?? 0] === 1 && opens(u8, at, end)) return true;
  return false;
}
