import { expect, test } from 'vitest';
import { describeDetector, findingsOf, readFixture } from '../../../../test/contract/detector.ts';
import { kindOf, traitsOf } from './download-traits.ts';
import { toolDownload } from './tool-download.ts';

describeDetector(toolDownload, import.meta.dirname);

test('names the machine, the file and every reason', () => {
  const [first] = findingsOf(toolDownload, readFixture(`${import.meta.dirname}/fixtures/fires.ndjson`));
  expect(first).toMatchObject({
    severity: 'medium',
    subject: { address: '10.0.1.12' },
    peers: [{ address: '203.0.113.162', port: 8000 }],
    records: ['C1'],
  });
  expect(first?.evidence['traits']).toEqual(['fetched from a bare address', 'from port 8000', 'by a command-line client (curl/8.5.0)']);
});

test('knows what a program and a lie are', () => {
  expect(kindOf('application/x-dosexec')).toBe('program');
  expect(kindOf('text/html')).toBe('none');
  const png = { mime: 'application/x-dosexec', host: 'img.example', port: 80, uri: '/a.png?x=1', agent: 'Mozilla/5.0' };
  expect(traitsOf(png)).toEqual(['a program behind the ending .png']);
  expect(traitsOf({ ...png, uri: '/setup.exe' })).toEqual([]);
  expect(traitsOf({ ...png, uri: '/', host: 'abc.trycloudflare.com' })).toEqual(['from a site where anybody drops files']);
});
