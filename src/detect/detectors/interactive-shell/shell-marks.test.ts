import { describe, expect, test } from 'vitest';
import { commandsIn, sendsProgram, shellMarksIn } from './shell-marks.ts';

describe('what a shell says', () => {
  test.each([
    ["sh: 0: can't access tty; job control turned off\\x0a$ ", 'shell without terminal'],
    ['bash: no job control in this shell\\x0a', 'shell without terminal'],
    ['uid=33(www-data) gid=33(www-data) groups=33(www-data)\\x0a', 'output of id'],
    ['Microsoft Windows [Version 10.0.17763.1]\\x0d\\x0a', 'Windows command prompt'],
    ['\\x0aC:\\\\Windows\\\\system32>'.replaceAll('\\\\', '\\'), 'Windows path prompt'],
    ['www-data@web-1:/var/www$ ', 'Unix prompt with host'],
    ['[root@db ~]# ', 'Unix prompt with host'],
    ['Linux web-1 5.10.0-8-amd64 #1 SMP Debian', 'output of uname'],
  ])('%j shows %s', (text, mark) => expect(shellMarksIn(text)).toContain(mark));

  test.each([
    '220 mail.example ESMTP Postfix\\x0d\\x0a',
    '+OK POP3 ready\\x0d\\x0a',
    'HTTP/1.1 200 OK\\x0d\\x0aContent-Type: text/html',
    '{"method":"mining.notify","params":[]}\\x0a',
    ':irc.example 001 nick :Welcome\\x0d\\x0a',
    'costs $ 5 and # 3 in total',
  ])('%j does not', (text) => expect(shellMarksIn(text)).toEqual([]));
});

describe('what is typed', () => {
  test('lists commands among the lines', () => {
    expect(commandsIn('whoami\\x0als -la /tmp\\x0acat /etc/passwd\\x0aexit\\x0a')).toEqual({
      lines: 4,
      commands: ['whoami', 'ls -la /tmp', 'cat /etc/passwd', 'exit'],
    });
    expect(commandsIn('hello there\\x0aid\\x0a')).toEqual({ lines: 2, commands: ['id'] });
  });

  test.each(['NICK bot\\x0d\\x0aUSER bot 0 * :bot', 'EHLO mail.example', '{"id":1}', 'PING :server', 'idle', 'lsof'])(
    '%j is no command',
    (text) => expect(commandsIn(text).commands).toEqual([]),
  );

  test('knows a program at the start, or behind a length', () => {
    expect(sendsProgram('/&\\x12\\x00MZARUH\\x89\\xe5H\\x83\\xec')).toBe(true);
    expect(sendsProgram('MZ\\x90\\x00\\x03')).toBe(true);
    expect(sendsProgram('\\x01\\x02')).toBe(false);
    expect(sendsProgram('\\x7fELF\\x02\\x01')).toBe(true);
    expect(sendsProgram('MZ is a country code')).toBe(false);
    expect(sendsProgram(undefined)).toBe(false);
  });

  test('is judged in time linear in its length, whatever it is', () => {
    const hostile = [`${'ls '.repeat(2000)}!`, '$'.repeat(5000), `${'a@b:'.repeat(1500)}`, `C:\\${' '.repeat(5000)}`];
    const started = performance.now();
    for (const text of hostile) {
      shellMarksIn(text);
      commandsIn(text);
    }
    // Generous: quadratic matching would take seconds.
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
