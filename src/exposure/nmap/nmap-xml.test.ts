import { describe, expect, it } from 'vitest';
import type { MeasuredHost } from '../../model/exposure.ts';
import type { ScanProgress } from '../exposure-scanner.ts';
import { NmapXmlReader } from './nmap-xml.ts';

/** What nmap 7.93 wrote (`-v -oX -`), shortened. */
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<?xml-stylesheet href="file:///usr/bin/../share/nmap/nmap.xsl" type="text/xsl"?>
<nmaprun scanner="nmap" args="nmap -n -Pn -v -oX - -&#45;stats-every 5s" start="1795950408" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="5" services="21-23,80,443"/>
<verbose level="1"/>
<host><status state="down" reason="no-response" reason_ttl="0"/>
<address addr="203.0.113.9" addrtype="ipv4"/>
</host>
<taskbegin task="SYN Stealth Scan" time="1795950408"/>
<taskprogress task="SYN Stealth Scan" time="1795950413" percent="42.50" remaining="7" etc="1795950420"/>
WARNING: something that is no XML & not even close <
<host starttime="1795950408" endtime="1795950420"><status state="up" reason="arp-response" reason_ttl="0"/>
<address addr="203.0.113.7" addrtype="ipv4"/>
<address addr="FA:16:3E:00:00:01" addrtype="mac"/>
<hostnames>
</hostnames>
<ports><extraports state="filtered" count="990"><extrareasons reason="no-response" count="990" proto="tcp" ports="1,3"/></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="ssh" product="OpenSSH" version="9.2p1 &quot;x&quot;" method="probed" conf="10"/></port>
<port protocol="tcp" portid="443"><state state="open" reason="syn-ack" reason_ttl="64"/><service name="http" tunnel="ssl" method="probed" conf="10"/></port>
<port protocol="udp" portid="161"><state state="open|filtered" reason="no-response" reason_ttl="0"/><service name="snmp" method="table" conf="3"/></port>
</ports>
</host>
<host starttime="1795950408" endtime="1795950420" timedout="true"><status state="up" reason="user-set" reason_ttl="0"/>
<address addr="2001:db8::7" addrtype="ipv6"/>
</host>
<runstats><finished time="1795950420" exit="success"/><hosts up="2" down="1" total="3"/>
</runstats>
</nmaprun>
`;

const read = (pieces: Iterable<string>): { hosts: MeasuredHost[]; progress: ScanProgress[]; reader: NmapXmlReader } => {
  const [hosts, progress]: [MeasuredHost[], ScanProgress[]] = [[], []];
  const reader = new NmapXmlReader({ onHost: (host) => hosts.push(host), onProgress: (one) => progress.push(one) });
  for (const piece of pieces) reader.write(piece);
  return { hosts, progress, reader };
};

describe("nmap's XML", () => {
  const clean = xml.replace(/^WARNING.*\n/m, '');

  it('becomes hosts, progress and an end', () => {
    const { hosts, progress, reader } = read([clean]);
    expect(hosts).toEqual([
      { address: '203.0.113.9', state: 'down', reason: 'no-response', at: '', ports: [], others: [] },
      {
        ...{ address: '203.0.113.7', state: 'up', reason: 'arp-response', at: '2026-11-29T11:07:00.000Z' },
        ports: [
          { protocol: 'tcp', port: 22, state: 'open', reason: 'syn-ack', service: 'ssh', product: 'OpenSSH', version: '9.2p1 "x"' },
          { protocol: 'tcp', port: 443, state: 'open', reason: 'syn-ack', service: 'https' },
          { protocol: 'udp', port: 161, state: 'open|filtered', reason: 'no-response', service: 'snmp' },
        ],
        others: [{ state: 'filtered', count: 990 }],
      },
      {
        ...{ address: '2001:db8::7', state: 'up', reason: 'user-set', at: '2026-11-29T11:07:00.000Z', ports: [], others: [] },
        failed: 'took longer than its time-out',
      },
    ]);
    expect(progress).toEqual([{ task: 'SYN Stealth Scan' }, { task: 'SYN Stealth Scan', share: 0.425, secondsLeft: 7 }]);
    expect(reader).toMatchObject({ exit: 'success', services: '21-23,80,443' });
  });

  it('is the same in whatever pieces it comes', () => {
    for (const size of [1, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(clean.length / size) }, (_, i) => clean.slice(i * size, (i + 1) * size));
      expect(read(pieces).hosts).toEqual(read([clean]).hosts);
    }
  });

  it('keeps whole hosts, wherever it is cut', () => {
    for (let end = 0; end < clean.length; end += 13) {
      const { hosts } = read([clean.slice(0, end)]);
      expect(hosts).toEqual(read([clean]).hosts.slice(0, hosts.length));
    }
  });

  it('goes on after what is no XML', () => {
    expect(read([xml]).hosts.map(({ address }) => address)).toEqual(expect.arrayContaining(['203.0.113.9', '2001:db8::7']));
    expect(() => read(['<host><address addr="1.2.3.4" \u0000>&bogus;</host>', '<<<>>>', clean])).not.toThrow();
  });
});
