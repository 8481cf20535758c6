// An open port, a change, a report as lines of text: what goes to terminals and into mails. Texts of services are made harmless.
import type { ExposedPort, ExposureChange, ExposureOwner, ExposureReport } from '../../model/exposure.ts';
import { isStanding } from '../../model/exposure.ts';

/** Control and formatting characters would reach a terminal, or turn the direction of a line. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();

const kinds: Readonly<Record<NonNullable<ExposureOwner['kind']>, string>> = {
  machine: 'machine',
  router: 'router gateway',
  'load-balancer': 'load balancer',
  dhcp: 'DHCP',
  gateway: 'subnet gateway',
  port: 'unbound port',
  floating: 'floating address without a machine',
};

/** `machine web-1, project acme, owner alice`; who may be it when that is not clear; `nobody`. */
export function ownerText(owner: ExposureOwner): string {
  if (owner.verdict === 'unowned') return 'UNOWNED: the inventory knows nobody';
  if (owner.verdict === 'ambiguous') {
    return `one of ${owner.candidates.map((one) => `${one.name} (${one.projectName ?? one.projectId ?? '?'})`).join(' or ')}`;
  }
  if (owner.kind === undefined) return 'owner not known';
  const parts = [
    owner.kind === 'floating' ? kinds.floating : `${kinds[owner.kind]} ${owner.name ?? owner.id ?? ''}`,
    ...(owner.project === undefined ? [] : [`project ${owner.project}`]),
    ...(owner.user === undefined ? [] : [`owner ${owner.user}`]),
    ...(owner.verdict === 'unknown' ? ['not sure'] : []),
  ];
  return parts.join(', ');
}

/** `203.0.113.7:3306/tcp`, `[2001:db8::1]:53/udp` */
export const endText = ({ address, port, protocol }: Pick<ExposedPort, 'address' | 'port' | 'protocol'>): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;

/** `mysql, database` */
export function serviceText({ service, product, version, riskClass, evidence }: ExposedPort): string {
  const name = [service === '' ? 'unknown service' : service, product, version].filter(Boolean).join(' ');
  const said = evidence?.ssh ?? evidence?.http?.server ?? evidence?.banner;
  return oneLine([name, riskClass, said === undefined ? undefined : `"${said.slice(0, 60)}"`].filter(Boolean).join(', '));
}

function viewsText({ intended, observed }: ExposedPort): string {
  const meant: Readonly<Record<typeof intended.verdict, string>> = {
    open: 'open by its groups',
    restricted: 'its groups open it to some only',
    closed: 'NOT open by its groups',
    unenforced: 'no groups enforced',
    unknown: '',
  };
  const used = observed === undefined ? '' : `${observed.connections} connections from ${observed.sources} outside`;
  return [meant[intended.verdict], used].filter((text) => text !== '').join('; ');
}

/** One line: end, severity, service, owner, views, how long. */
export function portLine(one: ExposedPort): string {
  const age = one.runs > 1 ? `open in ${one.runs} scans since ${one.since.slice(0, 10)}` : '';
  const held =
    one.rulingReason === undefined ? '' : `${one.ruling}${one.expires === undefined ? '' : ` until ${one.expires}`}: ${one.rulingReason}`;
  const tail = [viewsText(one), age, held].filter((text) => text !== '').join('; ');
  return oneLine(
    `${one.severity.padEnd(6)} ${endText(one)}  ${serviceText(one)}  ${ownerText(one.owner)}${tail === '' ? '' : `  (${tail})`}`,
  );
}

/** One line a change, nothing else: `new high 203.0.113.66:6379/tcp …`. */
export function changeLine({ change, exposure, detail }: ExposureChange): string {
  const { severity, owner, rulingReason, expires } = exposure;
  const why = change === 'expired' ? `exception ended ${expires ?? ''}: ${rulingReason ?? ''}` : (detail ?? '');
  const tail = why === '' ? '' : `  (${why})`;
  return oneLine(`${change.padEnd(8)}${severity.padEnd(7)}${endText(exposure)}  ${serviceText(exposure)}  ${ownerText(owner)}${tail}`);
}

/** `1 new, 1 gone, 1 expired` */
export function changeCounts(changes: readonly ExposureChange[]): string {
  const counts = (['new', 'expired', 'changed', 'gone'] as const).flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return counts.length === 0 ? 'nothing changed' : counts.join(', ');
}

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** The whole report for a terminal. */
export function reportLines(report: ExposureReport, limit = 200): string[] {
  const { scan, policy, inventory, observed, exposures, gaps, partial } = report;
  const standing = exposures.filter(isStanding);
  const settled = exposures.filter((one) => !isStanding(one));
  const unowned = standing.filter(({ owner }) => owner.verdict === 'unowned');
  return [
    `Exposure ${report.id}${partial === false ? '' : `, PARTIAL: ${partial}`}: ${standing.length} open ports that nobody stands for on ${new Set(standing.map(({ address }) => address)).size} addresses${unowned.length > 0 ? `, ${unowned.length} of them on addresses that nobody owns` : ''}`,
    ...list(standing.length > limit ? `First ${limit}, gravest first:` : 'Gravest first:', standing.slice(0, limit).map(portLine)),
    ...list(`Allowed, accepted or standard (${settled.length}):`, settled.slice(0, limit).map(portLine)),
    ...list(
      `Differences between rules, scan and traffic (${gaps.length}):`,
      gaps.slice(0, limit).map(({ text }) => oneLine(text)),
    ),
    '',
    `Scanned ${scan.scanned} of ${scan.addresses} addresses with ${scan.engine}, ${scan.answered} answered${scan.failed > 0 ? `, ${scan.failed} failed` : ''}; TCP ${scan.tcpPorts === '' ? 'none' : shortPorts(scan.tcpPorts)}; UDP ${scan.udpPorts === '' ? 'none' : shortPorts(scan.udpPorts)}; at most ${scan.rate} packets a second; authorised by: ${scan.authorisation === '' ? 'not stated' : oneLine(scan.authorisation)}`,
    `Standard ports (not reported on machines and load balancers): ${policy.standardPorts.join(', ') || 'none'}; policy: ${policy.source}`,
    inventory === null
      ? 'No inventory: owners are not known (pass --inventory)'
      : `Inventory ${inventory.cloud}${inventory.lastReadAt === null ? '' : `, read ${inventory.lastReadAt}`}${inventory.gaps.length > 0 ? `; NOT WHOLE: ${inventory.gaps.join('; ')}` : ''}`,
    observed === null
      ? 'No records: whether anybody used these ports is not known (pass --observed)'
      : `${observed.connections} accepted connections from outside in ${observed.inputs.join(', ')}`,
    ...scan.notes.map((note) => `Note: ${oneLine(note)}`),
  ];
}

const shortPorts = (text: string): string =>
  text.length <= 60 ? text : `${text.slice(0, 57).replace(/,[^,]*$/, '')},… (${countPorts(text)} ports)`;

const countPorts = (text: string): number =>
  text.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
