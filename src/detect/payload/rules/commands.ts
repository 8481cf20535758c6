// Commands of a shell behind a separator: `;id`, `$(wget …)`, `| cat /etc/passwd`. CWE-78.
// Words that are also English need an argument that only a command has; ordinary text with `;` and `|` must pass.
import { pattern, type Rule, rulesOf } from './rule.ts';

/** Hardly ever written by anybody but for a shell. */
const plain =
  'whoami|ifconfig|ipconfig|uname|netstat|systeminfo|tasklist|nslookup|mkfifo|lsb_release|lscpu|getent|busybox|base64|nohup|crontab|useradd|certutil|bitsadmin';
/** Programs and words that people write about, too. */
const worded =
  'curl|wget|bash|sh|dash|zsh|ash|ksh|python\\d?|perl|ruby|php|powershell|cmd(?:\\.exe)?|chmod|chown|tftp|ping6?|sleep|id|ls|cat|tac|nl|head|tail|more|less|rm|cp|mv|cd|touch|mkdir|ps|env|echo|printf|set|export|kill|pkill|killall|find|sudo|su|nc|ncat|netcat|telnet|ssh|scp|dig|host|ip|ss|arp|dir|type|net|copy|del|ping\\.exe|sed|awk|grep|tar|dd|df|mount|history|exec|eval|source|openssl|xxd|od|strings|lsof|iptables';
/** An argument that words of a language do not have. */
const argument = String.raw`(?:-{1,2}\w|/(?:etc|bin|usr|var|tmp|dev|proc|root|home|opt|mnt|sbin|c |\w+/|\*|$)|~/|\./|\.\./|\$[\w({@]|%\w+%|>|<\(|\d+(?:\.\d+){3}\b|\d{1,5}(?=$|[\s;|&)${'`'}'"#])|https?://|ftp://|[\w-]{1,40}\.(?:sh|py|pl|elf|bin|exe|ps1|txt|php|conf|log)\b|\*)`;
const end = String.raw`(?=\s?(?:$|[;|&<>${'`'}#)"'\n]|-\w|/))`;
/** Not the `&` between parameters; that of shells is doubled, or followed by a space. */
const separator = String.raw`(?:[;\n]|\|{1,2}|&&|& |\|&)`;
const opener = String.raw`(?:\$\(|${'`'}|<\(|>\()`;
const path = `(?:/(?:usr/)?(?:local/)?s?bin/)?`;

export const commandRules: readonly Rule[] = rulesOf({ family: 'command', strength: 'exploit' }, [
  {
    technique: 'chained command',
    hints: plain.split('|'),
    pattern: pattern(`${separator} ?${path}(?:${plain})${end}`),
    places: ['path', 'query', 'form', 'stream'],
  },
  {
    technique: 'chained command',
    hints: [';', '|', '&', '\n'],
    pattern: pattern(`${separator} ?${path}(?:${worded}) ${argument}`),
    places: ['query', 'form', 'stream'],
  },
  {
    // Bare words only behind what looks like a host or a number: `sort=name|id` is a list of columns.
    technique: 'chained command',
    hints: [';', '|', '&'],
    pattern:
      /(?:^|=)(?:\d{1,9}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})? ?(?:[;|]|&&|\|\||& ) ?(?:id|ls|pwd|env|dir|ps)(?=\s?(?:$|[;|#`]|&|%00))/gi,
    places: ['query', 'form'],
  },
  {
    technique: 'chained program',
    hints: ['/bin/'],
    pattern: pattern(String.raw`(?:${separator}|${opener}) ?/(?:usr/)?(?:local/)?s?bin/\w{1,20}\b`),
  },
  {
    technique: 'command substitution',
    hints: ['$(', '`', '<('],
    pattern: pattern(String.raw`(?:\$\(|<\() ?${path}(?:(?:${plain}|id|ls|pwd|env|hostname)${end}|(?:${worded}) ${argument})`),
    places: ['path', 'query', 'form', 'header', 'stream'],
  },
  {
    technique: 'command substitution',
    hints: ['`'],
    pattern: pattern(`${'`'} ?${path}(?:(?:${plain})${end}|(?:${worded}) ${argument})[^${'`'}]{0,300}${'`'}`),
    places: ['path', 'query', 'form', 'header'],
  },
  {
    technique: 'named host made to be pinged',
    hints: ['ping'],
    pattern: pattern(
      String.raw`(?:${separator}|${opener}|^) ?ping6?(?:\.exe)?(?: -[a-z](?: ?\d{1,5})?){0,4} (?!-)(?=[\w-]{1,63}(?:\.[\w-]{1,63})+|\[)HOST(?=$|[\s;|&)${'`'}'"#])`,
    ),
    callback: 'ping',
    places: ['query', 'form', 'header', 'stream'],
  },
  {
    technique: 'named host made to be looked up',
    hints: ['nslookup', 'dig ', 'host '],
    pattern: pattern(
      String.raw`(?:${separator}|${opener}) ?(?:nslookup|dig|host)(?: [-+@][^\s;|&]{1,40}){0,4} (?=[\w-]{1,63}(?:\.[\w-]{1,63})+)HOST(?=$|[\s;|&)${'`'}'"#])`,
    ),
    callback: 'name',
    places: ['query', 'form', 'header', 'stream'],
  },
  {
    technique: 'base64 piped into a shell',
    hints: ['base64'],
    pattern: /base64 -{1,2}d(?:ecode)? ?\| ?(?:sudo )?(?:\/[\w/]{1,20}\/)?(?:(?:ba|da|z|k)?sh|python\d?|perl)\b/gi,
  },
  {
    technique: 'encoded PowerShell command',
    hints: ['powershell', 'pwsh'],
    pattern: /\b(?:powershell|pwsh)(?:\.exe)?(?: -\w{1,20}(?: \w{1,20})?){0,6} -e(?:nc|ncodedcommand|c)? [A-Za-z0-9+/=]{20}/gi,
  },
  {
    technique: 'Shellshock function definition',
    hints: ['()'],
    pattern: /\(\) ?\{ ?(?:[^}]{0,60})\} ?; ?\S/gi,
    places: ['header', 'query', 'stream'],
  },
]);

/** A parameter whose value *is* a command; see `commandValue`. */
export const commandParameter = /^(?:cmd|command|exec|execute|shell|sh|run|c|x|q|a|0|1|pass|system|do|ping|ip|payload|code)$/i;

const commandAlone = new RegExp(String.raw`^(?:${plain}|id|hostname)(?: -[a-z]{1,5}){0,3}\s*$`, 'i');
const commandWithArgument = new RegExp(`^(?:sudo )?${path}(?:${plain}|${worded}) ${argument}`, 'i');
const commandWord = /^(?:ls|dir|pwd|env|set|ps|id|whoami|ver|net user|cat \S+|type \S+|cd \S+|echo \S+)\s*$/i;

/** Whether a parameter's value is a command; `lenient` takes bare words as well, for scripts whose name gives them away. */
export const commandValue = (value: string, lenient: boolean): boolean =>
  commandAlone.test(value) || commandWithArgument.test(value) || (lenient && commandWord.test(value));
