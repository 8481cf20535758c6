// The report in the shape of ICCLab's script of 2015 (nmap_vms.py): same keys, same file name. Its filter was: at least one open TCP
// port that is not ignored; then all TCP ports of that address. What it dropped in silence, an address without a server, is listed
// with empty names. Where several servers have the address each has its own entry (the script repeated the last one).
import type { ExposedPort, MeasuredHost } from '../model/exposure.ts';
import { isStanding } from '../model/exposure.ts';

interface IcclabPort {
  readonly name: string;
  readonly port: number;
  readonly reason: string;
  readonly state: string;
}

interface IcclabVm {
  readonly host: string;
  readonly name: string;
  readonly ports: readonly IcclabPort[];
  readonly state: string;
  readonly tenant: string;
  readonly user: string;
}

/** `NMap-11-30.json`: month and day as they are, without a year; of local time, as the script had it. */
export const icclabFileName = (at: Date): string => `NMap-${at.getMonth() + 1}-${at.getDate()}.json`;

/** Keys sorted, indented by four. */
export function icclabReport(exposures: readonly ExposedPort[], hosts: Iterable<MeasuredHost>): string {
  const byAddress = Map.groupBy(
    exposures.filter((one) => one.protocol === 'tcp' && isStanding(one)),
    ({ address }) => address,
  );
  const vms: IcclabVm[] = [];
  for (const host of hosts) {
    const standing = byAddress.get(host.address);
    if (standing === undefined) continue;
    const ports = host.ports
      .filter(({ protocol }) => protocol === 'tcp')
      .map(({ service, port, reason, state }) => ({ name: service, port, reason, state }));
    for (const who of holders(standing))
      vms.push({ host: host.address, name: who.name, ports, state: host.state, tenant: who.tenant, user: who.user });
  }
  return JSON.stringify({ VMs: vms, number_vms: vms.length }, undefined, 4);
}

/** Names as the script had them: of the tenant and of the user their ids. */
function holders(standing: readonly ExposedPort[]): { readonly name: string; readonly tenant: string; readonly user: string }[] {
  const all = standing.flatMap(({ owner }) => {
    const those = owner.verdict === 'ambiguous' ? owner.candidates : owner.verdict === 'one' ? [owner] : [];
    return those.map(({ name = '', projectId = '', userId = '' }) => ({ name, tenant: projectId, user: userId }));
  });
  const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  return different.length === 0 ? [{ name: '', tenant: '', user: '' }] : different;
}
