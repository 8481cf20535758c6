// The exposure report and the digest as HTML, self-contained. Everything that came from the wire or from a tenant is escaped.
import type { ExposedPort, ExposureChange, ExposureReport, ServiceEvidence } from '../../model/exposure.ts';
import { isStanding } from '../../model/exposure.ts';
import { style } from '../html/style.ts';
import { changeCounts, endText, ownerText, reportLines, serviceText } from './exposure-lines.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

const row = (cells: readonly string[], tag: 'td' | 'th' = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
const table = (heads: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll"><table>${row(heads.map(escaped), 'th')}${rows.join('')}</table></div>`;

const badge = (severity: string): string => `<span class="badge ${severity}">${escaped(severity)}</span>`;

/** What a service said of itself, as short facts. */
function evidenceText({ ssh, banner, http, tls }: ServiceEvidence): string {
  const certificate = tls?.certificate;
  return [
    ssh ?? banner,
    http &&
      `HTTP ${http.status}${http.server === undefined ? '' : `, server ${http.server}`}${http.title === undefined ? '' : `, "${http.title}"`}`,
    tls &&
      `${tls.version}${certificate === undefined ? '' : `: certificate of ${certificate.subject} by ${certificate.selfSigned ? 'itself' : certificate.issuer}, until ${certificate.notAfter.slice(0, 10)}`}`,
  ]
    .filter((text) => text !== undefined)
    .join('; ');
}

function portRow(one: ExposedPort): string {
  const { intended, observed, evidence, ruling, rulingReason, expires } = one;
  const held = `${ruling}${expires === undefined ? '' : ` until ${expires}`}${rulingReason === undefined ? '' : `: ${rulingReason}`}`;
  const seen = observed === undefined ? 'not asked' : `${observed.connections} from ${observed.sources} outside`;
  return row([
    badge(one.severity),
    `<code class="whole">${escaped(endText(one))}</code>`,
    `${escaped(serviceText(one))}${evidence === undefined ? '' : `<br><span class="muted">${escaped(evidenceText(evidence))}</span>`}`,
    escaped(ownerText(one.owner)),
    escaped([intended.verdict, ...intended.rules.slice(0, 5)].join('; ')),
    escaped(seen),
    escaped(held),
    escaped(`${one.since.slice(0, 10)}, ${one.runs}`),
  ]);
}

const heads = ['Severity', 'Where', 'What', 'Whose', 'Intended', 'Observed', 'Policy', 'Since, scans'];

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${style}</style></head><body><h1>${escaped(title)}</h1>${body}</body></html>\n`;

/** The whole report. */
export function exposureHtml(report: ExposureReport): string {
  const [verdict = '', ...rest] = reportLines(report, 0);
  const standing = report.exposures.filter(isStanding);
  const settled = report.exposures.filter((one) => !isStanding(one));
  const tone = standing.some(({ severity }) => severity === 'high') ? 'high' : standing.length > 0 ? 'medium' : 'good';
  const gaps = report.gaps.map(({ text, project, examples }) => row([escaped(text), escaped(project ?? ''), escaped(examples.join(', '))]));
  const facts = rest.filter((line) => line !== '' && !line.endsWith(':')).map((line) => `<li>${escaped(line)}</li>`);
  return page(
    `Exposure ${report.id}`,
    `<div class="verdict ${tone}"><h2>${escaped(verdict)}</h2></div>
<h2>Open, and nobody stands for it (${standing.length})</h2>${standing.length === 0 ? '<p>None.</p>' : table(heads, standing.map(portRow))}
<h2>Rules, scan and traffic differ (${gaps.length})</h2>${gaps.length === 0 ? '<p>No difference was found.</p>' : table(['What', 'Project', 'Machines'], gaps)}
<details><summary>Allowed, accepted or standard (${settled.length})</summary>${settled.length === 0 ? '' : table(heads, settled.map(portRow))}</details>
<h2>How it was measured</h2><ul>${facts.join('')}</ul><footer>Vedette ${escaped(report.version)}, ${escaped(report.started)} to ${escaped(report.ended)}</footer>`,
  );
}

/** The digest of a mail: changes as a table. */
export function digestHtml(title: string, changes: readonly ExposureChange[]): string {
  const rows = changes.map(({ change, exposure, detail }) =>
    row([
      `<b>${escaped(change)}</b>`,
      badge(exposure.severity),
      `<code class="whole">${escaped(endText(exposure))}</code>`,
      escaped(serviceText(exposure)),
      escaped(ownerText(exposure.owner)),
      escaped(change === 'expired' ? `until ${exposure.expires ?? ''}: ${exposure.rulingReason ?? ''}` : (detail ?? '')),
    ]),
  );
  const body = rows.length === 0 ? '<p>Nothing changed.</p>' : table(['Change', 'Severity', 'Where', 'What', 'Whose', ''], rows);
  return page(title, `<p>${escaped(changeCounts(changes))}</p>${body}`);
}
