import { describe, expect, it } from 'vitest';
import { type DnsMessageParts, dnsMessage, dnsName, dnsQuestion, dnsRecord, overTcp } from '../../../../test/build/dns-message.ts';
import { FakeFlow } from '../../../../test/build/fake-flow.ts';
import { bytesOf, inBuffer, long, randomSource, short } from '../../../../test/build/wire-bytes.ts';
import { epochMicros } from '../../../base/units.ts';
import type { Flow } from '../analyzer.ts';
import { dns } from './dns.ts';

const SECOND = 1_000_000;

function start(values: Partial<Flow> = {}) {
  const flow = new FakeFlow('dns', { transport: 'udp', serverPort: 53, ...values });
  const session = dns.open(flow, true);
  const send = (fromClient: boolean, content: Uint8Array, at = 0): void => {
    const { bytes, start, end } = inBuffer(content);
    session.onBytes(fromClient, bytes, start, end, epochMicros(at));
  };
  return {
    flow,
    session,
    ask: (parts: DnsMessageParts, at = 0) => send(true, dnsMessage(parts), at),
    answer: (parts: DnsMessageParts, at = 1000) => send(false, dnsMessage({ flags: 0x8180, ...parts }), at),
    send,
    close: () => {
      session.onClose(epochMicros(9 * SECOND));
      return flow.rows.map((entry) => entry.row);
    },
  };
}

/** Answers column for one record in a response to a question of that type. */
function answerOf(type: number, data: readonly number[], options: Parameters<typeof dnsRecord>[2] = {}): unknown {
  const { ask, answer, close } = start();
  const questions = [dnsQuestion('Example.com', type)];
  ask({ questions });
  answer({ questions, answers: [dnsRecord(type, data, options)] });
  return close()[0]?.['answers'];
}

describe('DNS over UDP', () => {
  it('makes one row of a question and its answer', () => {
    const { flow, ask, answer } = start();
    const questions = [dnsQuestion('WWW.Example.com')];
    ask({ questions }, 5 * SECOND);
    expect(flow.rows).toHaveLength(0);
    answer(
      { questions, answers: [dnsRecord(5, dnsName('a.example.net')), dnsRecord(1, [192, 0, 2, 9], { ttl: 60 })] },
      5 * SECOND + 20_000,
    );
    expect(flow.services).toEqual(['dns']);
    expect(flow.rows.map((entry) => entry.row)).toEqual([
      {
        ts: 5 * SECOND,
        uid: 'C0',
        'id.orig_h': '192.0.2.1',
        'id.orig_p': 40000,
        'id.resp_h': '198.51.100.1',
        'id.resp_p': 53,
        proto: 'udp',
        trans_id: 0x1234,
        rtt: 0.02,
        query: 'www.example.com',
        qclass: 1,
        qclass_name: 'C_INTERNET',
        qtype: 1,
        qtype_name: 'A',
        rcode: 0,
        rcode_name: 'NOERROR',
        AA: false,
        TC: false,
        RD: true,
        RA: true,
        Z: 0,
        answers: ['a.example.net', '192.0.2.9'],
        TTLs: [300, 60],
        rejected: false,
        opcode: 0,
        opcode_name: 'query',
        context: undefined,
      },
    ]);
  });

  it('writes a question without answer when the connection ends', () => {
    const { ask, close } = start();
    ask({ questions: [dnsQuestion('nobody.example', 65, 0x8001)], flags: 0x0020 });
    expect(close()).toMatchObject([
      { query: 'nobody.example', qtype_name: 'HTTPS', qclass_name: 'qclass-32769', Z: 2, RD: false, rcode: undefined },
    ]);
  });

  it('names types and classes it does not know by their numbers', () => {
    const { ask, close } = start();
    ask({ questions: [dnsQuestion('x', 4242, 7)] });
    expect(close()).toMatchObject([{ qtype_name: 'query-4242', qclass_name: 'qclass-7' }]);
  });

  it('writes a response without question, named by its first record', () => {
    const { answer, close } = start();
    answer({ answers: [dnsRecord(1, [192, 0, 2, 1], { owner: dnsName('Only.Example') })], flags: 0x8580 });
    expect(close()).toMatchObject([
      { query: 'only.example', qtype: undefined, AA: true, RA: true, answers: ['192.0.2.1'], rtt: undefined },
    ]);
  });

  it('pairs answers by identifier, first asked first answered', () => {
    const { ask, answer, close } = start();
    ask({ id: 1, questions: [dnsQuestion('one')] }, 0);
    ask({ id: 2, questions: [dnsQuestion('two')] }, 1);
    ask({ id: 1, questions: [dnsQuestion('again')] }, 2);
    answer({ id: 2, questions: [dnsQuestion('two')], answers: [dnsRecord(1, [2, 2, 2, 2])] }, 10);
    answer({ id: 1, questions: [dnsQuestion('one')], answers: [dnsRecord(1, [1, 1, 1, 1])] }, 11);
    answer({ id: 1, questions: [dnsQuestion('again')], answers: [dnsRecord(1, [3, 3, 3, 3])] }, 12);
    expect(close().map((row) => [row['query'], row['answers']])).toEqual([
      ['two', ['2.2.2.2']],
      ['one', ['1.1.1.1']],
      ['again', ['3.3.3.3']],
    ]);
  });

  it('joins a response that came before its question', () => {
    const { ask, answer, close } = start({ serverAddress: '198.51.100.1' });
    ask({ id: 9, questions: [dnsQuestion('first')] });
    answer({ id: 7, questions: [dnsQuestion('late')], answers: [dnsRecord(1, [1, 2, 3, 4])] }, 5);
    ask({ id: 7, questions: [dnsQuestion('late')] }, 8);
    expect(close()).toMatchObject([
      { trans_id: 7, ts: 5, query: 'late', answers: ['1.2.3.4'] },
      { trans_id: 9, query: 'first' },
    ]);
  });

  it('calls a response without any record rejected, and one with an error and no question too', () => {
    const { ask, answer, close } = start();
    ask({ id: 1, questions: [dnsQuestion('a')] });
    answer({ id: 1, questions: [dnsQuestion('a')], flags: 0x8183 });
    ask({ id: 2, questions: [dnsQuestion('b')] });
    answer({ id: 2, flags: 0x8185 });
    ask({ id: 3, questions: [dnsQuestion('c')] });
    answer({ id: 3, questions: [dnsQuestion('c')], flags: 0x8183, authorities: [dnsRecord(6, [0])] });
    expect(close().map((row) => [row['rcode_name'], row['rejected'], row['rtt']])).toEqual([
      ['NXDOMAIN', true, undefined],
      ['REFUSED', true, undefined],
      ['NXDOMAIN', false, undefined],
    ]);
  });

  it('turns the connection round when an answer comes first from the client, but not towards a group', () => {
    const { flow, send } = start({ clientPort: 53, serverPort: 40000 });
    send(true, dnsMessage({ flags: 0x8180 }));
    expect([flow.flips, flow.serverPort]).toEqual([1, 53]);
    for (const serverAddress of ['224.0.0.251', 'ff02::fb']) {
      const group = start({ serverAddress, serverPort: 5353 });
      group.send(true, dnsMessage({ flags: 0x8400 }));
      expect(group.flow.flips).toBe(0);
    }
  });

  it('asks to be forgotten as Zeek forgets it: looked at each ten seconds, gone after nine', () => {
    expect(start().flow.inactivity).toBe(9 * SECOND);
  });

  it('decodes NetBIOS names and names its operations', () => {
    const { ask, close } = start({ serverPort: 137 });
    const name = 'EJFDEBFEEBFACACACACACACACACACAAA';
    ask({ id: 1, flags: 0x0110, questions: [dnsQuestion(name, 32)] });
    ask({ id: 2, flags: 0x2910, questions: [dnsQuestion(name, 33)] });
    expect(close()).toMatchObject([
      { query: 'ISATAP', qtype_name: 'NIMLOC', opcode_name: 'netbios-query', Z: 1 },
      { query: 'ISATAP', qtype_name: 'NBSTAT', opcode: 5, opcode_name: 'netbios-registration' },
    ]);
  });

  it('counts operations it does not read, and marks the history', () => {
    const { flow, ask, close } = start();
    ask({ flags: 0x0800, questions: [dnsQuestion('x')] });
    expect([flow.weirds, flow.weirdDetails, flow.history, flow.services]).toEqual([['DNS_unknown_opcode'], ['1'], 'X', []]);
    expect(close()).toEqual([]);
  });

  it('gives up on more than 25 questions', () => {
    const { flow, ask } = start();
    ask({ questions: Array.from({ length: 26 }, () => dnsQuestion('x')) });
    expect([flow.rejected, flow.weirds]).toEqual(['DNS_Conn_count_too_large', ['DNS_Conn_count_too_large']]);
  });

  it('lets the last of several questions count', () => {
    const { ask, close } = start();
    ask({ questions: [dnsQuestion('first'), dnsQuestion('last', 28)] });
    expect(close()).toMatchObject([{ query: 'last', qtype_name: 'AAAA' }]);
  });

  it('stays bounded when nothing is ever answered', () => {
    const { flow, ask, close } = start();
    const message = { questions: [dnsQuestion('x')] };
    for (let id = 0; id < 1000; id++) ask({ id, ...message }, id);
    expect(flow.rows.length).toBeGreaterThan(900);
    for (let i = 0; i < 500; i++) ask({ id: 5, ...message }, i);
    expect(close()).toHaveLength(1500);
    expect(new Set(flow.rows.map((entry) => entry.row)).size).toBe(1500);
  });

  it('reports what an update changes, from the server that confirms it', () => {
    const { answer, close } = start();
    const zone = [...dnsName('example.com'), ...short(6), ...short(1)];
    const owner = dnsName('h.example.com');
    answer({
      flags: 0xa800,
      questions: [zone],
      answers: [dnsRecord(255, [], { owner, rrClass: 254, ttl: 0 }), dnsRecord(5, [], { owner, rrClass: 255, ttl: 0 })],
      authorities: [
        dnsRecord(1, [], { owner, rrClass: 255, ttl: 0 }),
        dnsRecord(255, [], { owner, rrClass: 255, ttl: 0 }),
        dnsRecord(1, [192, 0, 2, 7], { owner, ttl: 900 }),
      ],
    });
    expect(close()).toMatchObject([
      {
        opcode_name: 'dynamic-update',
        query: 'h.example.com',
        answers: [
          'pre: NameNotInUse h.example.com',
          'pre: RRSetExists CNAME h.example.com',
          'del: RRSet A',
          'del: RRSet * h.example.com',
          'add: A h.example.com 192.0.2.7',
        ],
      },
    ]);
  });
});

describe('DNS records in words', () => {
  it('prints addresses', () => {
    expect(answerOf(1, [192, 0, 2, 1])).toEqual(['192.0.2.1']);
    expect(answerOf(28, [0x20, 1, 0x0d, 0xb8, ...new Array<number>(11).fill(0), 1])).toEqual(['2001:db8::1']);
    expect(answerOf(28, [...new Array<number>(10).fill(0), 0xff, 0xff, 192, 0, 2, 1])).toEqual(['192.0.2.1']);
  });

  it('prints names of NS, CNAME, PTR, MX, SRV and SOA', () => {
    const host = dnsName('Host.example');
    expect(answerOf(2, host)).toEqual(['host.example']);
    expect(answerOf(12, host)).toEqual(['host.example']);
    expect(answerOf(15, [...short(10), ...host])).toEqual(['host.example']);
    expect(answerOf(33, [...short(1), ...short(2), ...short(5060), ...host])).toEqual(['host.example']);
    expect(answerOf(6, [...host, ...dnsName('root.example'), ...new Array<number>(20).fill(1)])).toEqual(['host.example']);
  });

  it('prints the strings of TXT and SPF with their lengths', () => {
    expect(answerOf(16, [3, 0x61, 0x62, 0x63, 0, 2, 0xff, 0x0a])).toEqual(['TXT 3 abc TXT 0  TXT 2 \\xff\\x0a']);
    expect(answerOf(99, [2, 0x76, 0x3d])).toEqual(['SPF 2 v=']);
  });

  it('prints security records', () => {
    const signature = [...short(1), 13, 2, ...long(300), ...long(1), ...long(0), ...short(7)];
    expect(answerOf(46, [...signature, 0, 1, 2, 3])).toEqual(['RRSIG 1 <Root>']);
    expect(answerOf(46, [...signature, ...dnsName('example.com'), 9])).toEqual(['RRSIG 1 example.com']);
    expect(answerOf(48, [1, 1, 3, 13, 1, 2])).toEqual(['DNSKEY 13']);
    expect(answerOf(43, [0, 9, 8, 2, 1, 2, 3])).toEqual(['DS 8 2']);
    expect(answerOf(47, [...dnsName('next.example'), 0, 1, 0x40])).toEqual(['NSEC example.com next.example']);
    expect(answerOf(50, [1, 0, 0, 1, 1, 0xaa, 2, 1, 2, 0, 1, 0x40])).toEqual(['NSEC3']);
    expect(answerOf(51, [1, 0, 0, 1, 1, 0xaa])).toEqual(['NSEC3PARAM']);
    expect(answerOf(65534, [8, 0, 1, 0, 1])).toEqual(['BIND9 signing signal']);
  });

  it('prints SSHFP, LOC, NAPTR and what has no name', () => {
    expect(answerOf(44, [1, 1, 0xde, 0xad])).toEqual(['SSHFP: dead']);
    expect(answerOf(29, [0, 18, 21, 19, ...new Array<number>(12).fill(0)])).toEqual(['LOC:  18 21 19']);
    const naptr = bytesOf(short(100), short(10), 1, 'U', 7, 'E2U+sip', 3, '!x!', 0);
    expect(answerOf(35, [...naptr])).toEqual(['NAPTR 100 10 U E2U+sip !x!']);
    expect(answerOf(10, [1, 2, 3])).toEqual(['<unknown type=10>']);
  });

  it('has no words for HTTPS, CAA, HINFO and WKS', () => {
    expect(answerOf(65, [0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x32])).toBeUndefined();
    expect(answerOf(257, [0, 5, ...bytesOf('issueca.example')])).toBeUndefined();
    expect(answerOf(13, [1, 0x61, 1, 0x62])).toBeUndefined();
    expect(answerOf(11, [192, 0, 2, 1, 6, 0])).toBeUndefined();
  });

  it.each([
    ['an address of five bytes', 1, [1, 2, 3, 4, 5], 'DNS_RR_bad_length'],
    ['a name shorter than its record', 5, [...dnsName('a'), 9, 9], 'DNS_RR_length_mismatch'],
    ['a string over the end', 16, [9, 0x61], 'DNS_TXT_char_str_past_rdlen'],
    ['a record without data', 1, [], 'DNS_zero_rdlength'],
    ['an HTTPS port of one byte', 65, [0, 1, 0, 0, 3, 0, 1, 9], 'DNS_SVCB_port_length_invalid'],
    ['a private signing algorithm', 48, [1, 1, 3, 253], 'DNSSEC_DNSKEY_PrivateDNS_ZoneSignAlgo'],
    ['an unknown digest', 43, [0, 9, 8, 200], 'DNSSEC_DS_unknown_DigestType'],
  ])('counts %s', (_what, type, data, weird) => {
    const { flow, ask, answer } = start();
    const questions = [dnsQuestion('x', type)];
    ask({ questions });
    answer({ questions, answers: [dnsRecord(type, data)], additional: [dnsRecord(41, [0], { owner: [0] })] });
    expect(flow.weirds).toContain(weird);
  });
});

describe('DNS over TCP', () => {
  const questions = [dnsQuestion('tcp.example')];
  const asked = overTcp(dnsMessage({ questions }));
  const answered = overTcp(dnsMessage({ flags: 0x8180, questions, answers: [dnsRecord(1, [192, 0, 2, 1])] }));
  const two = (message: Uint8Array) => bytesOf(message, message);

  it('reads several messages of a segment, and messages over any number of segments', () => {
    const whole = start({ transport: 'tcp' });
    whole.send(true, two(asked), 1);
    whole.send(false, two(answered), 2);
    const expected = whole.close();
    expect(expected).toHaveLength(2);
    for (let size = 1; size < 20; size++) {
      const split = start({ transport: 'tcp' });
      for (const [fromClient, stream] of [
        [true, two(asked)],
        [false, two(answered)],
      ] as const) {
        for (let i = 0; i < stream.length; i += size) split.send(fromClient, stream.subarray(i, i + size), fromClient ? 1 : 2);
      }
      expect(split.close()).toEqual(expected);
    }
  });

  it('loses only the message with the gap', () => {
    const { session, send, close } = start({ transport: 'tcp' });
    send(true, two(asked));
    send(false, answered.subarray(0, 10));
    session.onGap?.(false, 20, epochMicros(3));
    send(false, bytesOf(answered.subarray(30), answered), 4);
    expect(close().map((row) => row['answers'])).toEqual([['192.0.2.1'], undefined]);
  });

  it('reads what there is of the last message when that side ends', () => {
    const { flow, session, send } = start({ transport: 'tcp' });
    send(true, asked.subarray(0, 6));
    session.onEnd?.(true, epochMicros(3));
    expect(flow.weirds).toEqual(['DNS_truncated_len_lt_hdr_len']);
  });
});

describe('DNS against hostile bytes', () => {
  const questions = [dnsQuestion('hostile.example', 16)];
  const rich = dnsMessage({
    flags: 0x8180,
    questions,
    answers: [
      dnsRecord(16, [3, 0x61, 0x62, 0x63]),
      dnsRecord(65, [0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x32]),
      dnsRecord(46, [0, 1, 13, 2, ...new Array<number>(14).fill(0), ...dnsName('example'), 1]),
      dnsRecord(50, [1, 0, 0, 1, 1, 0xaa, 2, 1, 2, 0, 1, 0x40]),
      dnsRecord(35, [...bytesOf(short(1), short(1), 1, 'U', 0, 0, 0)]),
      dnsRecord(6, [...dnsName('a'), ...dnsName('b'), ...new Array<number>(20).fill(1)]),
    ],
  });

  it('survives every truncation, over UDP and TCP', () => {
    for (let length = 0; length <= rich.length; length++) {
      const udp = start();
      udp.send(false, rich.subarray(0, length));
      expect(udp.close().length).toBeLessThanOrEqual(1);
      const tcp = start({ transport: 'tcp' });
      tcp.send(false, overTcp(rich.subarray(0, length)));
      tcp.session.onEnd?.(false, epochMicros(1));
      tcp.close();
    }
  });

  const mutant = (random: () => number): Uint8Array => {
    const content = Uint8Array.from(rich);
    for (let i = Math.floor(random() * 6); i >= 0; i--) content[Math.floor(random() * content.length)] = Math.floor(random() * 256);
    return content;
  };
  const noise = (random: () => number): Uint8Array =>
    Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));

  it('survives ten thousand random and mutated messages', () => {
    const random = randomSource(53);
    const { flow, session, send } = start();
    for (let round = 0; round < 5000; round++) {
      send(random() < 0.5, mutant(random), round);
      send(random() < 0.5, noise(random), round);
    }
    session.onClose(epochMicros(10_000));
    expect(flow.rows.length).toBeGreaterThan(1000);
    const texts = flow.rows.flatMap(({ row }) => (row['answers'] as string[] | undefined) ?? []);
    expect(texts.filter((text) => /\p{Cc}/u.test(text))).toEqual([]);
  });

  it('stops at the first broken record of a web of pointers', () => {
    const pointers = Array.from({ length: 16_000 }, (_, i) => [0xc0 | ((12 + 2 * i) >>> 8), (12 + 2 * i) & 0xff]);
    const { flow, send } = start();
    send(false, dnsMessage({ flags: 0x8180, answers: pointers.map((pointer) => pointer) }));
    expect(flow.weirds.length).toBeLessThan(30);
  });
});
