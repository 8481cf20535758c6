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

/** Typed by a person or a script at the other end. */
const commandMarks: readonly Mark[] = [
  {
    name: 'Unix command',
    pattern:
      /(?:^|\n)(?:id|whoami|hostname|pwd|w|ps(?: -?[a-z]{1,4})?|ls(?: -?[\w /.-]{1,60})?|uname(?: -\w)?|ifconfig|ip a(?:ddr)?|netstat[ -\w]{0,10})\s*(?:\n|$)/,
  },
  {
    name: 'Unix command with argument',
    pattern: /(?:^|\n)(?:cat|cd|wget|curl|chmod|python3?|sudo|find|echo|mkdir|rm|cp|tar|crontab|ssh|nc) [\w~/.$'"-]/,
  },
  {
    name: 'Windows command',
    pattern: /(?:^|\n)(?:ipconfig|systeminfo|net (?:user|view|group|localgroup)|tasklist|dir|type|whoami \/\w+|powershell|reg query)\b/i,
  },
];

/** Undoes the escapes of a record text for line ends and tabs only; everything else stays printable. */
const withLineEnds = (text: string): string => text.replaceAll('\\x0d', '').replaceAll('\\x0a', '\n').replaceAll('\\x09', ' ');

const namesIn = (marks: readonly Mark[], text: string | undefined): string[] => {
  if (text === undefined) return [];
  const lines = withLineEnds(text);
  return marks.filter(({ pattern }) => pattern.test(lines)).map(({ name }) => name);
};

/** Marks of a shell in what one end said. */
export const shellMarksIn = (text: string | undefined): string[] => namesIn(shellMarks, text);

/** Marks of typed commands in what one end said. */
export const commandMarksIn = (text: string | undefined): string[] => namesIn(commandMarks, text);
