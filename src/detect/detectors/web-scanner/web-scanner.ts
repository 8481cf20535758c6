// D07: a client that searches web servers for holes.
import type { EpochMicros } from '../../../base/units.ts';
import type { Severity } from '../../../model/finding.ts';
import type { HttpRecord } from '../../../model/records/http.ts';
import type { InteractionRecord } from '../../../model/records/interaction.ts';
import { type DetectionHost, defineDetector } from '../../detector.ts';
import type { RowEnds } from '../../ends/row-ends.ts';
import { requestIn } from '../../payload/raw-request.ts';
import { DistinctCount } from '../../stats/distinct-count.ts';
import { hour } from '../../stats/record-clock.ts';
import { clientSubject, spell } from '../../stats/scan-finding.ts';
import { appended } from '../../stats/short-list.ts';

const maxClients = 10_000;

/** Programs that say who they are. */
const scannerAgent =
  /\b(?:nikto|sqlmap|nmap scripting engine|gobuster|dirbuster|dirb|wpscan|nuclei|masscan|zgrab|zmeu|acunetix|nessus|openvas|w3af|arachni|skipfish|havij|wfuzz|ffuf|feroxbuster|whatweb|jaeles|netsparker|metasploit|morfeus|joomscan|fimap|sqlninja|commix|xsser|jorgee)\b/i;

/** Files and pages that no visitor asks for. */
const probedPath =
  /\/(?:\.git\/(?:config|head)|\.env\b|\.aws\/credentials|wp-config\.php|phpinfo\.php|server-status|cgi-bin\/(?:test|printenv|php|luci)|hnap1|boaform\/|gponform\/|manager\/html|solr\/admin|actuator\/(?:env|heapdump|gateway)|vendor\/phpunit\/|_ignition\/|jmx-console|invoker\/jmxinvokerservlet|struts2-showcase|cfide\/administrator|phpmyadmin\/scripts|etc\/passwd)/i;

type Tune = Readonly<Record<'paths' | 'hosts' | 'minutes' | 'errorPercent' | 'probes', number>>;

type SearchRow = Pick<HttpRecord, 'id.orig_h' | 'id.resp_p' | 'context'>;

/** What one client asked for since it last paused for longer than the window. */
interface Search {
  readonly row: SearchRow;
  readonly paths: DistinctCount;
  readonly hosts: DistinctCount;
  /** Files that only attackers ask for. */
  probes: Set<string> | undefined;
  uids: string[];
  agent: string | undefined;
  requests: number;
  errors: number;
  firstAt: number;
  lastAt: number;
}

export const webScanner = defineDetector({
  id: 'D07-web-scanner',
  title: 'Web scanner',
  attack: ['T1595.002', 'T1595.003'],
  reads: ['http', 'interaction'],
  finds:
    'A client that names itself a scanner, or asks for very many paths or hosts most of which do not exist, or for files that only attackers want.',
  misses: ['Scans inside TLS.', 'Patient scans that stay below the counts of the window.'],
  benign: ['An authorised vulnerability scan.', 'A crawler or link checker on a broken site.', 'A load test.'],
  investigate: ['Read the http rows of the subject with status_code 200 in the hour after lastSeen: what did it find?'],
  sources: ['https://attack.mitre.org/techniques/T1595/002/', 'https://attack.mitre.org/techniques/T1595/003/'],
  tunables: {
    paths: { default: 200, unit: 'distinct paths', min: 10, max: 1_000_000, why: 'A visitor sees tens of pages.' },
    hosts: {
      default: 50,
      unit: 'distinct hosts',
      min: 5,
      max: 1_000_000,
      why: 'A browser meets as many only with names from DNS and few errors.',
    },
    minutes: { default: 10, unit: 'minutes', min: 1, max: 1440, why: 'Scanners run through their list in minutes.' },
    errorPercent: { default: 70, unit: 'percent 4xx', min: 1, max: 100, why: 'Most of a list of guesses does not exist.' },
    probes: { default: 3, unit: 'distinct probed files', min: 1, max: 1000, why: 'One may be a stray link.' },
  },
  start(tune: Tune, host) {
    const judgeAll = (search: Search): void => {
      const reason = reasonOf(search, tune);
      if (reason !== undefined) raiseScanner(host, search, reason, tune);
    };
    const searches = host.newEndsMap<Search>(maxClients, { afterSeconds: tune.minutes * 60 + hour, spare: 500, onForget: judgeAll });
    const noteRequest = (row: HttpRecord | InteractionRecord, { client }: RowEnds, request: Request): void => {
      let search = searches.get(client);
      if (search === undefined || row.ts - search.lastAt > tune.minutes * 60e6) {
        search = searches.set(newSearch(row), client);
      }
      note(search, row, request);
      // Doubling keeps the cost of judging constant a request.
      if ((search.requests & (search.requests - 1)) === 0) judgeAll(search);
    };
    return {
      http: (row, ends) => noteRequest(row, ends, row),
      // Requests of which the capture has one direction only.
      interaction(row, ends) {
        const request = row.service === undefined && row.client_head !== undefined ? requestIn(row.client_head) : undefined;
        if (request !== undefined) noteRequest(row, ends, request);
      },
      finish() {
        for (const search of searches.values()) judgeAll(search);
      },
    };
  },
});

/** What of a request tells a scanner. */
type Request = Pick<HttpRecord, 'uri' | 'user_agent' | 'status_code'>;

const newSearch = (row: HttpRecord | InteractionRecord): Search => ({
  row: { 'id.orig_h': row['id.orig_h'], 'id.resp_p': row['id.resp_p'], context: row.context },
  paths: new DistinctCount(1024),
  hosts: new DistinctCount(256),
  probes: undefined,
  uids: [],
  agent: undefined,
  requests: 0,
  errors: 0,
  firstAt: row.ts,
  lastAt: row.ts,
});

function note(search: Search, row: HttpRecord | InteractionRecord, { uri, user_agent: agent, status_code: status }: Request): void {
  const path = (uri ?? '').split('?')[0] ?? '';
  search.requests++;
  if (status !== undefined && status >= 400 && status < 500) search.errors++;
  search.paths.add(path);
  search.hosts.add(row['id.resp_h']);
  if (probedPath.test(path)) {
    search.probes ??= new Set();
    if (search.probes.size < 100) search.probes.add(path.slice(0, 120));
  }
  if (agent !== undefined && search.agent === undefined && scannerAgent.test(agent)) search.agent = agent.slice(0, 120);
  if (search.uids.length < 100 && search.uids.at(-1) !== row.uid) search.uids = appended(search.uids, row.uid);
  search.firstAt = Math.min(search.firstAt, row.ts);
  search.lastAt = Math.max(search.lastAt, row.ts);
}

/** Shared by all who have none; never changed. */
const none = new Set<string>();

/** Why it is a scanner; undefined when it is none. */
function reasonOf({ agent, paths, hosts, probes = none, requests, errors }: Search, tune: Tune): string | undefined {
  if (agent !== undefined) return `it calls itself ${agent}`;
  const failing = errors * 100 >= requests * tune.errorPercent;
  if (failing && paths.size >= tune.paths) return `${paths.size} paths, ${Math.round((100 * errors) / requests)} % of the requests failed`;
  if (failing && hosts.size >= tune.hosts) return `${hosts.size} hosts, ${Math.round((100 * errors) / requests)} % of the requests failed`;
  return probes.size >= tune.probes
    ? `${probes.size} files that only attackers ask for, such as ${[...probes].slice(0, 2).join(', ')}`
    : undefined;
}

function raiseScanner(host: DetectionHost, search: Search, reason: string, tune: Tune): void {
  const { row, paths, hosts, probes = none, uids, requests, errors, agent } = search;
  const client = row['id.orig_h'];
  const known = host.knownAs(client);
  const many = requests >= tune.paths / 2;
  const severity: Severity = known !== undefined ? 'info' : host.isOurs(client) && many ? 'high' : many ? 'medium' : 'low';
  host.raise({
    key: `search|${search.firstAt}`,
    severity,
    confidence: agent !== undefined ? 0.95 : 0.8,
    subject: clientSubject(row),
    peers: hosts.sample(50).map((address) => ({ address, port: row['id.resp_p'] })),
    firstSeen: search.firstAt as EpochMicros,
    lastSeen: search.lastAt as EpochMicros,
    count: requests,
    summary: `${client} searched ${hosts.size} web server${hosts.size === 1 ? '' : 's'} for holes: ${requests} requests in ${spell((search.lastAt - search.firstAt) / 1e6)}, ${reason}${known === undefined ? '' : ` (known: ${known})`}`,
    evidence: {
      requests,
      errors,
      paths: paths.size,
      hosts: hosts.size,
      agent: agent ?? null,
      probedFiles: [...probes].slice(0, 20),
      samplePaths: paths.sample(20),
      thresholds: { ...tune },
    },
    records: uids,
  });
}
