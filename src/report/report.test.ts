import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proven, testAttack, testFinding, testInvestigation } from '../../test/build/investigation.ts';
import { repository } from '../../test/support/repository.ts';
import { detectors } from '../detect/detectors/index.ts';
import { messagesIn } from './messages/index.ts';
import { reportOf } from './report.ts';

/** What an attacker may write where the report shows it. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></svg><script>1</script>',
  '[click](javascript:alert(1)) ![x](http://evil.example/x.png)',
  '| cell | ``` \n# heading\n<b>bold</b>',
  'https://evil.example/auto www.evil.example user@evil.example',
  '\u202egpj.exe \u0000\u001b[2J\u200b',
  '&lt;script&gt; &#x3c;',
];

function hostileReport(text: string): { html: string; markdown: string } {
  const finding = testFinding({
    title: text,
    summary: text,
    subject: { address: '10.0.0.5', machine: text, context: text },
    peers: [{ address: '203.0.113.9', port: 4444, name: text }],
    evidence: { commands: [text], nested: { [text]: text }, list: [{ [text]: text, id: text }], head: text },
    benign: [text],
    blindSpots: [text],
    records: [text],
  });
  const attack = testAttack({ evidence: { endpoint: text, parameter: text, decodedPayloads: [text], technique: text, verdict: text } });
  return reportOf(testInvestigation([proven(finding, text, text), proven(attack, text, text)], 'en', text));
}

describe('the report', () => {
  it('opens with the verdict, and has every section', () => {
    const { html, markdown } = reportOf(testInvestigation([proven(testFinding()), proven(testAttack())]));
    expect(html.slice(html.indexOf('<main>'))).toMatch(
      /^<main>\s*<section class="verdict bad"><h2>10\.0\.0\.5 is compromised or attacks others<\/h2>/,
    );
    for (const id of ['actions', 'questions', 'timeline', 'graph', 'findings', 'coverage', 'indicators', 'inputs']) {
      expect(html).toContain(`<h2 id="${id}">`);
      expect(html).toContain(`href="#${id}"`);
    }
    expect(markdown).toMatch(/^# Investigation report\n\n## 10\\\.0\\\.0\\\.5 is compromised/);
    expect(markdown).toContain('`/dangerzone`');
  });

  it('answers the three questions', () => {
    const { markdown } = reportOf(testInvestigation([proven(testFinding()), proven(testAttack())]));
    expect(markdown).toMatch(/\| Does an attacker have direct remote access\? \| \*\*Yes\*\* \|/);
    expect(markdown).toMatch(/\| Was an application exploited\? \| \*\*Yes\*\* \|/);
    const attempted = reportOf(testInvestigation([proven(testAttack({ evidence: { verdict: 'attempt only' } }))])).markdown;
    expect(attempted).toMatch(/\| Was an application exploited\? \| \*\*Attempted\*\* \|/);
    expect(attempted).toContain('No machine is shown to be compromised');
  });

  it('calls a machine compromised only when the finding is about one of ours', () => {
    const outside = testFinding({ severity: 'critical', subject: { address: '198.51.100.66' } });
    expect(reportOf(testInvestigation([proven(outside)])).html).toContain('No machine is shown to be compromised');
  });

  it.each(hostile)('shows %j as text and nothing else', (text) => {
    const { html, markdown } = hostileReport(text);
    const allowed =
      /^(?:!doctype|html|head|meta|title|style|body|header|h[1-4]|main|section|nav|ul|ol|li|a|p|span|strong|code|pre|div|table|caption|thead|tbody|tr|th|td|dl|dt|dd|details|summary|figure|figcaption|footer|svg|desc|line|text|g|rect|path|defs|marker)$/;
    for (const [, tag = ''] of html.matchAll(/<\/?([!a-zA-Z][\w-]*)/g)) expect(tag).toMatch(allowed);
    expect(html).not.toMatch(/<[^>]*\son\w+\s*=/i);
    expect([...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].every(([, to = '']) => to.startsWith('#'))).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(`${html}${markdown}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u200b]/);
    // Outside of code, every character that Markdown could read as markup is escaped.
    const prose = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '').replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(prose).not.toMatch(/(?<!\\)[<[\]]|https:|[^\\]@|www\.evil/);
  });

  it('fetches nothing: a strict policy, no script, no link to elsewhere', () => {
    const { html } = reportOf(testInvestigation([proven(testFinding())]));
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    expect(html).not.toMatch(/<script|https?:\/\/|url\((?!#)|@import/);
  });

  it('is the same for the same investigation', () => {
    const make = () => reportOf(testInvestigation([proven(testFinding()), proven(testAttack())]));
    expect(make()).toEqual(make());
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const { html } = hostileReport(text);
        expect(html).not.toMatch(/<script/i);
      }),
      { numRuns: 60 },
    );
  });

  it('speaks Norwegian', () => {
    const { html } = reportOf(testInvestigation([proven(testFinding()), proven(testAttack())], 'nb'));
    expect(html).toContain('<html lang="nb">');
    expect(html).toContain('10.0.0.5 er kompromittert eller angriper andre');
    for (const english of ['Recommended', 'Findings', 'Evidence', 'Time line', 'Longest', 'Innocent', 'Look at next'])
      expect(html).not.toContain(`>${english}`);
  });

  it('has a Norwegian title for every title that a detector gives', () => {
    const { titles } = messagesIn('nb');
    const folder = join(repository, 'src/detect/detectors');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const given = files.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/\btitle: '([^']+)'/g)].map(([, title = '']) => title),
    );
    expect(given.length).toBeGreaterThanOrEqual(detectors.length);
    expect([...new Set(given)].filter((title) => titles[title] === undefined)).toEqual([]);
  });
});
