// Shells that connect out, in the tongues in which attackers write them. What each looks like is public knowledge:
// MITRE ATT&CK T1059.004, and the manuals of the tools.
import { pattern, type Rule, rulesOf } from './rule.ts';

const shell = /\b(?:ba|z|da|k|c)?sh\b|\bcmd(?:\.exe)?\b|\/bin\/|powershell|exec|system|popen|subprocess|pty|dup2|spawn/i;

const unixTools = rulesOf({ family: 'reverse-shell', strength: 'exploit' }, [
  {
    technique: 'bash network redirection',
    hints: ['/dev/tcp/', '/dev/udp/'],
    pattern: pattern(`/dev/(?:tcp|udp)/HOST/PORT`),
    callback: 'shell',
  },
  {
    technique: 'interactive shell with redirected streams',
    hints: ['sh -i'],
    pattern: /\b(?:ba|z|da|k)?sh -i\s?(?:[0-9&]?[<>]|2>)/gi,
    callback: 'shell',
    looksAround: true,
  },
  {
    technique: 'netcat with a program',
    hints: ['nc', 'cat'],
    pattern: pattern(
      String.raw`\b(?:nc|ncat|netcat|nc\.traditional|nc\.openbsd|nc\.exe|rcat connect)(?: -[a-z0-9-]{1,13}(?: (?:/[\w./-]{1,40}|(?:ba|da|z|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?))?){1,6} HOST PORT\b`,
    ),
    nearby:
      /(?: -{1,2}(?:\w{0,6}[ec]|exec|sh-exec|s)\s?["']?(?:\/|(?:ba|da|z|k)?sh\b|cmd|powershell))|\| ?\/?(?:[\w/]{0,20})?\bsh\b|mkfifo|mknod/i,
    callback: 'shell',
  },
  {
    technique: 'netcat with a program',
    hints: ['nc', 'cat'],
    pattern: pattern(
      String.raw`\b(?:nc|ncat|netcat|rcat connect)(?: -[a-z]{1,5}){0,3} HOST PORT (?:-{1,2}(?:e|c|exec|sh-exec|s)) ?["']?(?:/|(?:ba|da|z)?sh|cmd)`,
    ),
    callback: 'shell',
  },
  {
    technique: 'netcat behind a pipe',
    hints: ['nc ', 'ncat ', 'netcat ', 'telnet '],
    pattern: pattern(
      String.raw`\| ?(?:/[\w/]{1,20}/)?(?:busybox )?(?:nc|ncat|netcat|telnet)(?: -[a-z]{1,5}(?: \d{1,3})?){0,4} HOST[ :]PORT\b`,
    ),
    callback: 'shell',
  },
  {
    technique: 'netcat into a shell',
    hints: ['nc ', 'ncat ', 'netcat ', 'telnet '],
    pattern: pattern(
      String.raw`\b(?:nc|ncat|netcat|telnet)(?: -[a-z]{1,5}(?: \d{1,3})?){0,4} HOST PORT(?: ?[0-9]?[<>][^|;]{0,40})? ?\| ?(?:/[\w/]{1,20})?(?:ba|da|z|k)?sh\b`,
    ),
    callback: 'shell',
  },
  {
    technique: 'named pipe and network client',
    hints: ['mkfifo', 'mknod'],
    pattern: /\b(?:mkfifo|mknod) \S{1,60}/gi,
    nearby: /\b(?:nc|ncat|netcat|telnet|openssl|socat)\b/i,
    callback: 'shell',
    looksAround: true,
  },
  {
    technique: 'socat with a program',
    hints: ['socat'],
    pattern: pattern(String.raw`\b(?:tcp|tcp4|tcp6|udp|openssl|tcp-connect|udp-connect)(?:-connect)?:HOST:PORT`),
    nearby: /socat[\s\S]{0,300}(?:exec|system|pty)|(?:exec|system|pty)[\s\S]{0,300}socat/i,
    callback: 'shell',
  },
  {
    technique: 'openssl s_client as a shell',
    hints: ['s_client'],
    pattern: pattern(String.raw`\bs_client (?:-\w{1,20} ){0,4}-connect HOST:PORT`),
    callback: 'shell',
  },
  { technique: 'zsh network module', hints: ['ztcp'], pattern: pattern(String.raw`\bztcp HOST PORT`), callback: 'shell' },
  {
    technique: 'curl over telnet',
    hints: ['telnet://'],
    pattern: pattern(`telnet://HOST:PORT`),
    nearby: /\| ?\S{0,20}sh\b|curl/i,
    callback: 'shell',
  },
  {
    technique: 'awk network special file',
    hints: ['/inet/'],
    pattern: pattern(String.raw`/inet[46]?/(?:tcp|udp)/\d{1,5}/HOST/PORT`),
    callback: 'shell',
  },
  {
    technique: 'terminal on a foreign display',
    hints: ['xterm'],
    pattern: pattern(String.raw`\bxterm -display HOST:\d{1,3}\b`),
    callback: 'shell',
  },
]);

const languages = rulesOf({ family: 'reverse-shell', strength: 'exploit' }, [
  {
    technique: 'python socket one-liner',
    hints: ['connect(', 'connect_ex('],
    pattern: pattern(String.raw`\bconnect(?:_ex)?\( ?\(? ?["']{0,3}HOST["']{0,3} ?, ?(?:int\()? ?["']?PORT`),
    nearby: /socket/i,
    callback: 'shell',
  },
  {
    technique: 'python socket with a terminal',
    hints: ['dup2(', 'pty.spawn', 'subprocess.'],
    pattern: /\b(?:os\.dup2\(|pty\.spawn\(|subprocess\.(?:call|popen|run)\()/gi,
    nearby: /socket/i,
    callback: 'shell',
    looksAround: true,
  },
  {
    technique: 'perl socket one-liner',
    hints: ['sockaddr_in', 'io::socket', 'inet_aton'],
    pattern: /\b(?:sockaddr_in\(|inet_aton\(|IO::Socket)/gi,
    nearby: /\b(?:exec|system|open|fdopen)\b|STDIN/i,
    callback: 'shell',
    looksAround: true,
  },
  {
    technique: 'ruby socket one-liner',
    hints: ['tcpsocket'],
    pattern: pattern(String.raw`\bTCPSocket\.(?:new|open)\( ?["']?HOST["']? ?, ?["']?PORT`),
    callback: 'shell',
  },
  {
    technique: 'php socket one-liner',
    hints: ['fsockopen', 'pfsockopen', 'stream_socket_client', 'socket_connect'],
    pattern: pattern(
      String.raw`\b(?:p?fsockopen\( ?["']?(?:tcp://)?|stream_socket_client\( ?["']?tcp://|socket_connect\( ?\$\w{1,20} ?, ?["']?)HOST["']? ?[,:] ?["']?PORT`,
    ),
    nearby: shell,
    callback: 'shell',
  },
  {
    technique: 'lua socket one-liner',
    hints: [':connect(', 'socket.tcp'],
    pattern: pattern(String.raw`:connect\( ?["']?HOST["']? ?, ?["']?PORT`),
    nearby: /popen|execute/i,
    callback: 'shell',
  },
  {
    technique: 'node socket one-liner',
    hints: ['child_process'],
    pattern: pattern(String.raw`\bconnect\( ?\{?(?: ?port:)? ?PORT ?, ?(?:host:)? ?["']HOST["']`),
    callback: 'shell',
  },
  {
    technique: 'java or groovy socket one-liner',
    hints: ['socket('],
    pattern: /\bnew (?:java\.net\.)?Socket\(/gi,
    nearby: /ProcessBuilder|getRuntime|\.execute\(/i,
    callback: 'shell',
    looksAround: true,
  },
  {
    technique: 'go socket one-liner',
    hints: ['net.dial('],
    pattern: pattern(String.raw`\bnet\.Dial\( ?["']tcp["'] ?, ?["']HOST:PORT`),
    nearby: /exec\.Command/i,
    callback: 'shell',
  },
  {
    technique: 'PowerShell TCP client',
    hints: ['tcpclient'],
    pattern: pattern(String.raw`TCPClient\( ?["']?HOST["']? ?, ?["']?PORT`),
    callback: 'shell',
  },
  {
    technique: 'PowerShell TCP client',
    hints: ['tcpclient'],
    pattern: /Net\.Sockets\.TCPClient/gi,
    nearby: /GetStream|iex|Invoke-Expression/i,
    callback: 'shell',
    looksAround: true,
  },
]);

const bindShells = rulesOf({ family: 'bind-shell', strength: 'exploit' }, [
  {
    technique: 'netcat listening with a program',
    hints: ['nc ', 'ncat ', 'netcat '],
    pattern: /\b(?:nc|ncat|netcat) (?:-[a-z]{0,5}l[a-z]{0,5}|--listen)\b/gi,
    nearby: / -{1,2}(?:\w{0,6}[ec]|exec|sh-exec) ?["']?(?:\/|(?:ba|da|z|k)?sh\b|cmd)|\| ?\S{0,20}sh\b|mkfifo/i,
  },
  {
    technique: 'socat listening with a program',
    hints: ['socat'],
    pattern: /\b(?:tcp|tcp4|tcp6|openssl)-listen:\d{1,5}/gi,
    nearby: /exec:|system:/i,
  },
  { technique: 'telnet service with a shell', hints: ['telnetd'], pattern: /\btelnetd (?:-\w ?\S{0,20} ){0,4}-l ?\/?\S{0,20}sh\b/gi },
]);

export const reverseShellRules: readonly Rule[] = [...unixTools, ...languages, ...bindShells];
