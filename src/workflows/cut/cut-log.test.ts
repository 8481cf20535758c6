import { describe, expect, it } from 'vitest';
import { type CutOptions, HeaderError, LogCutter } from './cut-log.ts';

const header = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#open\t2023-03-05-21-00-00',
];
const log = [
  ...header,
  '#fields\tts\tuid\tid.orig_h\tduration',
  '#types\ttime\tstring\taddr\tinterval',
  '1678048721.123456\tCAb1\t10.0.0.5\t281.742295',
  '1678049020.000000\tCAb2\t10.0.0.5\t-',
  '#close\t2023-03-05-22-00-00',
];

const defaults: CutOptions = { columns: [], negate: false, headers: 'none', minimal: false };

/** Everything that is printed, and what is said besides. */
function cut(lines: readonly string[], options: Partial<CutOptions> = {}): { out: string; warnings: string[] } {
  const warnings: string[] = [];
  const cutter = new LogCutter({ ...defaults, ...options }, (message) => warnings.push(message));
  return { out: lines.map((line) => cutter.line(line) ?? '').join(''), warnings };
}

describe('cut', () => {
  it('prints all columns of all rows when none is named', () => {
    expect(cut(log).out).toBe('1678048721.123456\tCAb1\t10.0.0.5\t281.742295\n1678049020.000000\tCAb2\t10.0.0.5\t-\n');
  });

  it('prints columns in the order asked for, and nothing for unknown ones', () => {
    expect(cut(log, { columns: ['duration', 'nope', 'uid'] }).out).toBe('281.742295\t\tCAb1\n-\t\tCAb2\n');
  });

  it('prints all but the named columns with -n', () => {
    expect(cut(log, { columns: ['ts', 'uid', 'nope'], negate: true }).out).toBe('10.0.0.5\t281.742295\n10.0.0.5\t-\n');
  });

  it('cuts off fractions of a second, and leaves what is unset', () => {
    const time = { format: '%Y-%m-%dT%H:%M:%S%z', isUtc: true };
    expect(cut(log, { columns: ['ts', 'duration'], time }).out).toBe('2023-03-05T20:38:41+0000\t281.742295\n2023-03-05T20:43:40+0000\t-\n');
  });

  it('shows the first header block with -c, all with -C, with the columns cut and the types changed', () => {
    const options = { columns: ['ts', 'nope'], time: { format: '%s', isUtc: true } };
    const block = [...header, '#fields\tts\t', '#types\tstring\t'].map((line) => `${line}\n`).join('');
    // nope is unknown: its name is left out of the header as well
    expect(cut([...log, ...log], { ...options, headers: 'first' }).out).toBe(
      `${block}1678048721\t\n1678049020\t\n1678048721\t\n1678049020\t\n`,
    );
    const all = cut([...log, ...log], { ...options, headers: 'all' }).out;
    expect(all.match(/#fields/g)).toHaveLength(2);
    expect(all.match(/#close\t2023-03-05-22-00-00\n/g)).toHaveLength(2);
  });

  it('shows only the names with -m and -M', () => {
    expect(cut([...log, ...log], { columns: ['uid', 'ts'], headers: 'first', minimal: true }).out).toMatch(/^uid\tts\nCAb1\t1678048721/);
    expect(cut([...log, ...log], { columns: ['uid'], headers: 'all', minimal: true }).out).toBe('uid\nCAb1\nCAb2\nuid\nCAb1\nCAb2\n');
  });

  it('reads concatenated files with other columns', () => {
    const other = [...header, '#fields\tuid\tts', '#types\tstring\ttime', 'CAb3\t1.5'];
    expect(cut([...log, ...other], { columns: ['ts', 'duration'] }).out).toBe(
      '1678048721.123456\t281.742295\n1678049020.000000\t-\n1.5\t\n',
    );
  });

  it('takes the separator of the log, and that of -F for the output', () => {
    const commas = ['#separator ,', '#fields,ts,uid', '#types,time,string', '1.0,C1'];
    expect(cut(commas, { columns: ['uid', 'ts'] }).out).toBe('C1,1.0\n');
    expect(cut(log, { columns: ['uid', 'duration'], separator: '|' }).out).toBe('CAb1|281.742295\nCAb2|-\n');
  });

  it('skips short lines, and says so', () => {
    const short = cut([...log.slice(0, 8), 'x\ty', '1.0\tC9\t::1\t2.0'], { columns: ['duration'] });
    expect(short).toEqual({ out: '2.0\n', warnings: ['skipping log line (not enough fields)'] });
  });

  it.each([
    [['#fields\tts', 'x'], 'bad log header (missing #types line)'],
    [['#types\ttime'], 'bad log header (missing #fields line)'],
    [['#separator '], 'bad log header (invalid #separator line)'],
    [['#unset_field'], 'bad log header (invalid #unset_field line)'],
  ])('gives up at a header that cannot be understood: %j', (lines, message) => {
    expect(() => cut(lines)).toThrow(new HeaderError(message));
  });

  it('gives up at too few types only where times are converted', () => {
    const lines = ['#fields\tts\tuid', '#types\ttime', '1.0\tC1'];
    expect(cut(lines).out).toBe('1.0\tC1\n');
    expect(() => cut(lines, { time: { format: '%s', isUtc: true } })).toThrow('log header does not have enough fields');
  });

  it('prints a time that is none as it is, and says so', () => {
    const lines = ['#fields\tts', '#types\ttime', 'soon', '12', '-5.0', '1.0'];
    const { out, warnings } = cut(lines, { time: { format: '%s', isUtc: true } });
    expect(out).toBe('soon\n12\n-5.0\n1\n');
    expect(warnings).toEqual(['time field is not valid: soon', 'time field is not valid: 12', 'time value out-of-range: -5.0']);
  });

  it('prints the time as it is when the format makes more than 99 characters', () => {
    const { out, warnings } = cut(['#fields\tts', '#types\ttime', '1.0'], { time: { format: '%A'.repeat(20), isUtc: true } });
    expect(out).toBe('1.0\n');
    expect(warnings).toEqual(['failed to convert timestamp (try a shorter format string)']);
  });

  it('leaves bytes as they are', () => {
    const lines = ['#fields\turi', '#types\tstring', '/\u00e6\u0001\\x09'];
    expect(cut(lines).out).toBe('/\u00e6\u0001\\x09\n');
  });
});

describe('cut of JSON', () => {
  const rows = [
    '{"ts":1678048721.123456,"uid":"CAb1","id.orig_h":"10.0.0.5","duration":281.742295,"tags":[],"local_orig":true}',
    '{"ts":1678049020.0,"uid":"CAb2","id":{"orig_h":"10.0.0.6"},"answers":["a","b,c"],"note":"x\\ty"}',
  ];

  it('prints columns by name as the TSV of the same rows would have them', () => {
    expect(cut(rows, { columns: ['ts', 'id.orig_h', 'duration', 'nope', 'local_orig'] }).out).toBe(
      '1678048721.123456\t10.0.0.5\t281.742295\t\tT\n1678049020.000000\t10.0.0.6\t-\t\t-\n',
    );
    expect(cut(rows, { columns: ['tags', 'answers', 'note'] }).out).toBe('(empty)\t-\t\n-\ta,b\\x2cc\tx\\x09y\n');
  });

  it('converts times, also those in ISO 8601', () => {
    const time = { format: '%H:%M:%S', isUtc: true };
    expect(cut([...rows, '{"ts":"2023-03-05T20:38:41.5Z"}'], { columns: ['ts'], time }).out).toBe('20:38:41\n20:43:40\n20:38:41\n');
  });

  it('takes the columns of the first row when none is named', () => {
    expect(cut(rows, { columns: ['ts', 'tags', 'local_orig'], negate: true, headers: 'first' }).out).toBe(
      '#fields\tuid\tid.orig_h\tduration\nCAb1\t10.0.0.5\t281.742295\nCAb2\t10.0.0.6\t-\n',
    );
  });

  it('skips what is not JSON', () => {
    expect(cut(['{"ts":1', '{"uid":"C"}'], { columns: ['uid'] })).toEqual({ out: 'C\n', warnings: ['skipping log line (not valid JSON)'] });
  });
});
