// One short conversation an analyzer, whole enough that its own prefixes lead through every state that it has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dnsMessage, dnsQuestion, dnsRecord, overTcp } from './dns-message.ts';
import { client, hex, type Part, server } from './run-session.ts';

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const u16le = (value: number): string => String.fromCharCode(value & 255, value >> 8);
const u16 = (value: number): string => String.fromCharCode(value >> 8, value & 255);
const u32 = (value: number): string => `\0\0${u16(value)}`;

/** A request for a page, and the page. */
const page = '<html><body>hello</body></html>';
const httpParts = [
  client('POST /a%20b?x=1 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: curl/8\r\nContent-Length: 3\r\n\r\na=1'),
  server(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`),
  client('GET /chunks HTTP/1.1\r\nHost: www.example.org\r\n\r\n'),
  server('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
];

const question = [dnsQuestion('www.example.org')];
const dnsQuery = dnsMessage({ questions: question });
const dnsAnswer = dnsMessage({ flags: 0x8180, questions: question, answers: [dnsRecord(1, [192, 0, 2, 1])] });

const dhcpMessage = (operation: number, options: string): string =>
  `${hex(`0${operation} 01 06 00 3903f326 0000 0000 00000000 c0000232 00000000 00000000 020000000017`)}${'\0'.repeat(202)}${hex(`63825363 ${options} ff`)}`;

/** Version 4, one packet of each side. RFC 5905 §7.3. */
const ntpPacket = (mode: number): string =>
  hex(`2${mode} 02 06 ec 00018000 00004000 c0000201 e30634f0 80000000 00000000 00000000 00000000 00000000 e30634f0 80000000`);

const dcePdu = (type: number, body: string): string =>
  `\x05\0${String.fromCharCode(type)}\x03${hex('10000000')}${u16le(16 + body.length)}\0\0${hex('01000000')}${body}`;

const smbFramed = (message: string): string => `\0\0${u16(message.length)}${message}`;
const smb2 = (command: number, body: string): string =>
  smbFramed(`\xfeSMB${hex('4000 0000 00000000')}${u16le(command)}${'\0'.repeat(50)}${body}`);
const ntlm = `NTLMSSP\0${hex('01000000')}${'\0'.repeat(20)}`;
const mechanisms = hex('60 1c 06 06 2b0601050502 a0 12 30 10 a0 0e 30 0c 06 0a 2b06010401823702020a');

const tpkt = (payload: string): string => `\x03\0${u16(payload.length + 4)}${payload}`;

const mysqlPacket = (sequence: number, payload: string): string => `${u16le(payload.length)}\0${String.fromCharCode(sequence)}${payload}`;

const sshPacket = (payload: string): string => `${u32(payload.length + 5)}\x04${payload}\0\0\0\0`;
const sshText = (text: string): string => u32(text.length) + text;
const sshLists = ['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256', 'none', 'none', '', ''];
const sshKexInit = sshPacket(`\x14${'c'.repeat(16)}${sshLists.map(sshText).join('')}\0${u32(0)}`);

/** One DTLS 1.2 record of epoch 0 with one handshake message. RFC 6347 §4. */
const dtlsHello = (type: number, body: string): string =>
  hex(`16fefd0000000000000000${(12 + body.length / 2).toString(16).padStart(4, '0')}0${type}0000`) +
  hex(`${(body.length / 2).toString(16).padStart(2, '0')}0000000000${(body.length / 2).toString(16).padStart(6, '0')}${body}`);

/** RFC 9001 A.2 and A.3: the Initial packets of both sides. */
const quicClient = hex(`
c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9bd8bab936b47d92ec356c0bab7df5976d27cd449f63300099f399
1c260ec4c60d17b31f8429157bb35a1282a643a8d2262cad67500cadb8e7378c8eb7539ec4d4905fed1bee1fc8aafba17c750e2c7ace01e6005f80fcb7df6212
30c83711b39343fa028cea7f7fb5ff89eac2308249a02252155e2347b63d58c5457afd84d05dfffdb20392844ae812154682e9cf012f9021a6f0be17ddd0c208
4dce25ff9b06cde535d0f920a2db1bf362c23e596d11a4f5a6cf3948838a3aec4e15daf8500a6ef69ec4e3feb6b1d98e610ac8b7ec3faf6ad760b7bad1db4ba3
485e8a94dc250ae3fdb41ed15fb6a8e5eba0fc3dd60bc8e30c5c4287e53805db059ae0648db2f64264ed5e39be2e20d82df566da8dd5998ccabdae053060ae6c
7b4378e846d29f37ed7b4ea9ec5d82e7961b7f25a9323851f681d582363aa5f89937f5a67258bf63ad6f1a0b1d96dbd4faddfcefc5266ba6611722395c906556
be52afe3f565636ad1b17d508b73d8743eeb524be22b3dcbc2c7468d54119c7468449a13d8e3b95811a198f3491de3e7fe942b330407abf82a4ed7c1b311663a
c69890f4157015853d91e923037c227a33cdd5ec281ca3f79c44546b9d90ca00f064c99e3dd97911d39fe9c5d0b23a229a234cb36186c4819e8b9c5927726632
291d6a418211cc2962e20fe47feb3edf330f2c603a9d48c0fcb5699dbfe5896425c5bac4aee82e57a85aaf4e2513e4f05796b07ba2ee47d80506f8d2c25e50fd
14de71e6c418559302f939b0e1abd576f279c4b2e0feb85c1f28ff18f58891ffef132eef2fa09346aee33c28eb130ff28f5b766953334113211996d20011a198
e3fc433f9f2541010ae17c1bf202580f6047472fb36857fe843b19f5984009ddc324044e847a4f4a0ab34f719595de37252d6235365e9b84392b061085349d73
203a4a13e96f5432ec0fd4a1ee65accdd5e3904df54c1da510b0ff20dcc0c77fcb2c0e0eb605cb0504db87632cf3d8b4dae6e705769d1de354270123cb11450e
fc60ac47683d7b8d0f811365565fd98c4c8eb936bcab8d069fc33bd801b03adea2e1fbc5aa463d08ca19896d2bf59a071b851e6c239052172f296bfb5e724047
90a2181014f3b94a4e97d117b438130368cc39dbb2d198065ae3986547926cd2162f40a29f0c3c8745c0f50fba3852e566d44575c29d39a03f0cda721984b6f4
40591f355e12d439ff150aab7613499dbd49adabc8676eef023b15b65bfc5ca06948109f23f350db82123535eb8a7433bdabcb909271a6ecbcb58b936a88cd4e
8f2e6ff5800175f113253d8fa9ca8885c2f552e657dc603f252e1a8e308f76f0be79e2fb8f5d5fbbe2e30ecadd220723c8c0aea8078cdfcb3868263ff8f09400
54da48781893a7e49ad5aff4af300cd804a6b6279ab3ff3afb64491c85194aab760d58a606654f9f4400e8b38591356fbf6425aca26dc85244259ff2b19c41b9
f96f3ca9ec1dde434da7d2d392b905ddf3d1f9af93d1af5950bd493f5aa731b4056df31bd267b6b90a079831aaf579be0a39013137aac6d404f518cfd4684064
7e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44860018ab0856972e194cd934`);
const quicServer = hex(`
cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3
dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4
2158407dd074ee`);

/** A recorded TLS 1.2 handshake with certificates of both sides. */
const tlsParts = readFileSync(join(import.meta.dirname, '../../src/engine/analyzers/ssl/fixtures/tls12-client-certificate.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as [string, string])
  .map(([side, digits]): Part => [side === 'client', hex(digits)]);

const conversations: Readonly<Record<string, readonly Part[]>> = {
  dce_rpc: [client(dcePdu(11, 'x'.repeat(40))), server(dcePdu(12, 'y'.repeat(40))), client(dcePdu(0, 'call')), server(dcePdu(2, 'answer'))],
  dhcp: [
    client(dhcpMessage(1, '350101 3204c0000232 0c05766d2d3137 3d0701020000000017')),
    server(dhcpMessage(2, '350102 3604c0000201 330400000e10 0f0b6578616d706c652e6f7267')),
    client(dhcpMessage(1, '350103 3204c0000232 3604c0000201')),
    server(dhcpMessage(2, '350105 3604c0000201 330400000e10')),
  ],
  dnp3_tcp: [client(hex('05 64 05 c0 0100 0004 e921'))],
  dnp3_udp: [client(hex('05 64 05 c0 0100 0004 e921'))],
  dns: [client(latin1(dnsQuery)), server(latin1(dnsAnswer))],
  'dns over tcp': [client(latin1(overTcp(dnsQuery))), server(latin1(overTcp(dnsAnswer)))],
  dtls: [
    client(dtlsHello(1, `fefd${'11'.repeat(32)}00000002c02b0100000e0000000a0008000005612e6f7267`)),
    server(dtlsHello(2, `fefd${'22'.repeat(32)}00c02b000000`) + hex('14fefd0000000000000001000101')),
    client(hex(`14fefd0000000000000001000101 16fefd00010000000000000028${'99'.repeat(40)}`)),
  ],
  finger: [client('/W julien\r\n'), server('Login: root  Name: root\n')],
  ftp: [
    server('220-hello\r\n there\r\n220 ready\r\n'),
    client('USER anonymous\r\n'),
    server('331 password\r\n'),
    client('PORT 192,0,2,1,4,1\r\nEPRT |2|2001:db8::1|1026|\r\nPASV\r\n'),
    server('200 ok\r\n200 ok\r\n227 Entering Passive Mode (198,51,100,1,4,3).\r\n'),
    client('EPSV\r\nAUTH TLS\r\n'),
    server('229 Entering Extended Passive Mode (|||1028|)\r\n234 go\r\n'),
  ],
  'ftp-data': [server('a'), server('b'), client('c')],
  http: httpParts,
  imap: [server('* OK ready\r\n'), client('a STARTTLS\r\n'), server('b OK\r\na OK go\r\n')],
  irc: [
    client('NICK me\r\nUSER me 0 * :me\r\n'),
    server(':irc.example 001 me :Welcome\r\n'),
    client(':a!b@c PRIVMSG d :\x01DCC SEND f.txt 3232235876 4000 10\x01\r\nSTARTTLS\r\n'),
    server(':irc.example 670 * :go ahead\r\n'),
  ],
  'irc-dcc-data': [client('\0\0\0\x01'), server('content')],
  krb: [client(hex('6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0a')), server(hex('7e 0c 30 0a a0 03 02 01 05 a1 03 02 01 1e'))],
  krb_tcp: [client(hex('0000000e 6a 0c 30 0a a1 03 02 01 05 a2 03 02 01 0a'))],
  ldap_tcp: [
    client(`${hex('30 1d 02 01 01 77 18 80 16')}1.3.6.1.4.1.1466.20037`),
    server(hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00')),
  ],
  ldap_udp: [client(hex('30 0c 02 01 01 63 07 04 00 0a 01 00 0a 00'))],
  modbus: [client(hex('0001 0000 0006 01 03 0000 000a')), server(hex('0001 0000 0005 01 03 02 0007'))],
  mqtt: [client(`${hex('10 0f 00 04')}MQTT${hex('04 02 003c 0003')}abc`)],
  mysql: [server(mysqlPacket(0, `\x0a5.1.67\0${'x'.repeat(40)}`)), client(mysqlPacket(1, `${hex('05a60f00')}${'\0'.repeat(28)}root\0\0`))],
  ntp: [client(ntpPacket(3)), server(ntpPacket(4))],
  pop3: [server('+OK hi\r\n'), client('CAPA\r\n'), server('+OK\r\nTOP\r\n.\r\n'), client('STLS\r\n'), server('+OK go\r\n')],
  postgresql: [
    client(hex('00000008 04d2162f')),
    server('N'),
    client(`${u32(29)}${hex('00030000')}user\0me\0database\0db\0\0`),
    server(`R${hex('00000008 00000000')}`),
  ],
  quic: [client(quicClient), server(quicServer)],
  radius: [client(hex('01 05 001a 00112233445566778899aabbccddeeff 01 06 61626364'))],
  rdp: [
    client(tpkt(`${hex('2a e0 0000 0000 00')}Cookie: mstshash=me\r\n${hex('01 00 0800 03000000')}`)),
    server(tpkt(hex('0e d0 0000 1234 00 02 00 0800 00000000'))),
    client(tpkt(`${hex('02 f0 80 7f 65 82')}..Duca..`)),
  ],
  rdpeudp: [client(hex('ffffffff 0010 0001').padEnd(1232, '\0')), server(hex('00000001 0010 0005'))],
  redis: [client('*1\r\n$4\r\nPING\r\n'), server('*3\r\n$5\r\na\r\nbc\r\n%1\r\n+k\r\n:1\r\n$-1\r\n')],
  rfb: [server('RFB 003.008\n'), client('RFB 003.008\n')],
  sip: [client('OPTIONS sip:a@b SIP/2.0\r\nVia: x\r\n\r\n'), server('SIP/2.0 200 OK\r\n\r\n')],
  smb: [
    client(smb2(0, 'x'.repeat(40))),
    server(smb2(0, `${'\0'.repeat(56)}${u16le(128)}${u16le(mechanisms.length)}\0\0\0\0${mechanisms}`)),
    client(smb2(1, `${'\0'.repeat(12)}${u16le(88)}${u16le(ntlm.length)}${'\0'.repeat(8)}${ntlm}`)),
    client(smb2(9, `${u16le(49)}${u16le(112)}${hex('10000000')}${'\0'.repeat(40)}${dcePdu(11, '')}`)),
  ],
  smtp: [server('220 hi\r\n'), client('EHLO a\r\n'), server('250-mail\r\n250 STARTTLS\r\n'), client('STARTTLS\r\n'), server('220 go\r\n')],
  snmp: [client(hex('30 0f 02 01 01 04 06 7075626c6963 a0 02 0000')), server(hex('30 0f 02 01 01 04 06 7075626c6963 a2 02 0000'))],
  socks: [
    client(hex('05 01 02')),
    server(hex('05 02')),
    client('\x01\x02me\x02pw'),
    server(hex('01 00')),
    client(hex('05 01 00 01 c0000201 0050')),
    server(hex('05 00 00 01 c0000201 0050')),
  ],
  ssh: [
    client('SSH-2.0-OpenSSH_9.7\r\n'),
    server('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
    client(sshKexInit),
    server(sshKexInit),
    client(sshPacket(`\x1e${sshText('q')}`)),
    server(sshPacket(`\x1f${sshText('the host key')}${sshText('q')}${sshText('signature')}`) + sshPacket('\x15')),
    client(sshPacket('\x15')),
    server('x'.repeat(40)),
  ],
  ssl: tlsParts,
  syslog: [client('<13>hello')],
  xmpp: [
    client("<?xml version='1.0'?><stream:stream to='example' xmlns='jabber:client'>"),
    server('<stream:features/>'),
    client('<starttls/>'),
    server('<proceed/>'),
  ],
};

/** An analyzer's conversation over a transport; it is confirmed, or has written a row, by the end. Undefined when there is none. */
export const analyzerSeed = (name: string, transport: 'tcp' | 'udp'): readonly Part[] | undefined =>
  conversations[`${name} over ${transport}`] ?? conversations[name];
