import { expect, it } from 'vitest';
import { exposedPort } from '../../../test/build/exposed-port.ts';
import type { ExposedPort, ExposureReport } from '../../model/exposure.ts';
import { digestHtml, exposureHtml } from './exposure-html.ts';
import { changeLine, ownerText, portLine, reportLines } from './exposure-lines.ts';

const nasty = '<script>alert(1)</script>"\u001b[2J\u202e\r\nBcc: x@y';

const reportOf = (...exposures: ExposedPort[]): ExposureReport => ({
  ...{
    schema: 1,
    kind: 'exposure-report',
    id: '2026-11-30T021500Z',
    version: '1',
    started: '2026-11-30T02:15:00.000Z',
    ended: '2026-11-30T02:20:00.000Z',
  },
  partial: false,
  scan: {
    ...{ engine: 'nmap', tcpPorts: '1-1000', udpPorts: '', rate: 1000, hostTimeoutSeconds: 900, versions: false, banners: true },
    ...{
      authorisation: nasty,
      window: '',
      targets: ['inventory'],
      excluded: [],
      addresses: 3,
      scanned: 3,
      answered: 2,
      failed: 0,
      notes: [],
    },
  },
  ...{ policy: { source: 'standard', standardPorts: [22, 80, 443] }, inventory: null, observed: null, exposures, gaps: [] },
});

it('makes texts of tenants and services harmless, in lines and in HTML', () => {
  const one = exposedPort({
    owner: { ...exposedPort().owner, name: nasty, project: nasty },
    evidence: { banner: nasty, http: { status: 200, title: nasty }, tls: { version: 'TLSv1.3' } },
  });
  for (const line of [portLine(one), changeLine({ change: 'new', exposure: one })]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  for (const html of [exposureHtml(reportOf(one)), digestHtml(nasty, [{ change: 'new', exposure: one }])]) {
    expect(html).not.toMatch(/<script|alert\(1\)<\/script/);
    expect(html).toContain('&lt;script&gt;');
  }
});

it('says who it is, or why that is not known', () => {
  const { owner } = exposedPort();
  expect(ownerText(owner)).toBe('machine web-1, project acme, owner alice');
  expect(ownerText({ ...owner, kind: 'floating' })).toBe('floating address without a machine, project acme, owner alice');
  expect(ownerText({ verdict: 'unowned', key: 'address:x', tags: [], candidates: [], caveats: [] })).toMatch(/^UNOWNED/);
  expect(ownerText({ verdict: 'unknown', key: 'address:x', tags: [], candidates: [], caveats: [] })).toBe('owner not known');
});

it('states the standard ports, what was scanned, and what it does not know', () => {
  const text = reportLines(reportOf(exposedPort({ runs: 3 }))).join('\n');
  expect(text).toContain('Standard ports (not reported on machines and load balancers): 22, 80, 443');
  expect(text).toContain('open in 3 scans since 2026-11-30');
  expect(text).toContain('No inventory');
  expect(text).toContain('No records');
  expect(text).toContain('TCP 1-1000');
});
