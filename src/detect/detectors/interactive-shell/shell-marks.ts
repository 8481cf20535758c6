// Texts by which a shell gives itself away, on the side that holds the shell and on the side that types.

/** A mark: what it shows, and a sample of what it matches. */
interface Mark {
  readonly name: string;
  readonly pattern: RegExp;
}

/** Said by the shell. Patterns are linear: no nested repetition. */
const shellMarks: readonly Mark[] = [
  // "sh: 0: can't access tty; job control turned off", "bash: no job control in this shell"
  { name: 'shell without terminal', pattern: /no job control in this shell|can't access tty|cannot set terminal process group/ },
  // "uid=33(www-data) gid=33(www-data)"
  { name: 'output of id', pattern: /\buid=\d+\([\w.-]{1,32}\) gid=\d+/ },
  // "Microsoft Windows [Version 10.0.17763.1]"
  { name: 'Windows command prompt', pattern: /Microsoft Windows \[Version \d/ },
  // "C:\Windows\system32>"
  { name: 'Windows path prompt', pattern: /(?:^|\n)[A-Z]:\\[^\n<>|"]{0,120}>/ },
  // "PS C:\Users\web> "
  { name: 'PowerShell prompt', pattern: /(?:^|\n)PS [A-Z]:\\[^\n<>|"]{0,120}> ?/ },
  // "www-data@web-1:/var/www$ ", "[root@db ~]# "
  { name: 'Unix prompt with host', pattern: /(?:^|\n)\[?[\w.-]{1,32}@[\w.-]{1,64}[: ][^\n]{0,80}[$#] ?/ },
  // "$ ", "# ", "sh-5.1$ "
  { name: 'bare Unix prompt', pattern: /(?:^|\n)(?:(?:ba|da|z|k)?sh(?:-\d[\d.]{0,8})?)?[$#] (?:$|\n)?/ },
  // "Linux web-1 5.10.0-8-amd64 #1 SMP"
  { name: 'output of uname', pattern: /\bLinux [\w.-]{1,64} \d+\.\d+\.\d+\S{0,40} #\d+/ },
];

/** Commands that stand alone or with flags: "id", "ls -la /tmp", "ps aux". */
const bareCommand =
  /^(?:id|whoami|hostname|pwd|w|who|exit|env|dir|ipconfig|systeminfo|tasklist|arp -a|ps(?: -?\w{1,4})?|ls(?: -?[\w /.~-]{1,60})?|uname(?: -\w){0,3}|ifconfig|ip a(?:ddr)?|netstat[ -\w]{0,10})\s*$/i;
/** Commands with an argument: "cat /etc/passwd", "net user". */
const commandWithArgument =
  /^(?:cat|cd|wget|curl|chmod|python3?|perl|sudo|find|echo|mkdir|rm|cp|mv|head|tail|tar|crontab|ssh|nc|kill|type|powershell|reg query|net (?:user|view|group|localgroup)|whoami) [\w~/.$'"*-]/i;

/** One byte of a record text: itself, or its escape. */
const byte = String.raw`(?:\\x[0-9a-f]{2}|\\\\|[^\\])`;
/**
 * A program at the very start of a bare connection, or behind a length of four bytes as stagers send it: an ELF image, or
 * a PE image, which is never text for long ("MZARUH\\x89\\xe5", "MZ\\x90\\x00").
 */
const programImage = new RegExp(`^${byte}{0,4}?(?:MZ[A-Z]{0,6}\\\\x|\\\\x7fELF)`);

/** Undoes the escapes of a record text for line ends and tabs only; everything else stays printable. */
const withLineEnds = (text: string): string =>
  text.includes('\\x0') ? text.replaceAll('\\x0d', '').replaceAll('\\x0a', '\n').replaceAll('\\x09', ' ') : text;

/** Marks of a shell in what one end said. */
export function shellMarksIn(text: string | undefined): string[] {
  if (text === undefined) return [];
  const lines = withLineEnds(text);
  return shellMarks.filter(({ pattern }) => pattern.test(lines)).map(({ name }) => name);
}

/** What one end typed: its whole lines, and those of them that are commands of a shell. */
export function commandsIn(text: string | undefined): { readonly lines: number; readonly commands: readonly string[] } {
  if (text === undefined) return { lines: 0, commands: [] };
  const lines = withLineEnds(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { lines: lines.length, commands: lines.filter((line) => bareCommand.test(line) || commandWithArgument.test(line)).slice(0, 20) };
}

/** Whether one end began by sending a program. */
export const sendsProgram = (text: string | undefined): boolean => text !== undefined && programImage.test(text);
