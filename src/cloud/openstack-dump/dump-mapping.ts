// Rows of the openstack command → items of the model. The command leaves out which machine or router a port belongs to: that is
// joined here by network and address, and said where it cannot be.
import type {
  FixedAddress,
  FloatingAddress,
  Image,
  Machine,
  Network,
  Port,
  Project,
  Router,
  SecurityGroup,
  SecurityRule,
  Subnet,
  User,
} from '../../model/inventory.ts';
import { joinMachines, joinRouters, type Placement } from './join-ports.ts';
import type { Row, TableName } from './read-tables.ts';

const text = (row: Row, ...columns: readonly string[]): string => {
  for (const column of columns) {
    const value = row[column];
    if (typeof value === 'string' && value !== '' && value !== 'None') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
};
const optional = (key: string, value: string): Readonly<Record<string, string>> => (value === '' ? {} : { [key]: value });
const texts = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((one): one is string => typeof one === 'string')
    : typeof value === 'string' && value !== ''
      ? value.split(/,\s*/)
      : [];
const truth = (value: unknown): boolean => value === true || value === 'True' || value === 'External' || value === 'UP';

/** Lists in JSON, or as older clients print them: `ip_address='10.0.0.5', subnet_id='…'`. */
function fixedOf(value: unknown): FixedAddress[] {
  if (typeof value === 'string') {
    const parts = [...value.matchAll(/ip_address='([^']+)'(?:, subnet_id='([^']+)')?/g)];
    return parts.map(([, address = '', subnetId]) => ({ address, ...(subnetId !== undefined && { subnetId }) }));
  }
  return (Array.isArray(value) ? (value as Row[]) : []).flatMap((one) => {
    const address = text(one, 'ip_address');
    return address === '' ? [] : [{ address, ...optional('subnetId', text(one, 'subnet_id')) }];
  });
}

/** Addresses of a machine by network name; older clients print `net=10.0.0.5, 203.0.113.5; other=…`. */
function networksOf(value: unknown): readonly (readonly [network: string, addresses: readonly string[]])[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, addresses]) => [name, texts(addresses)]);
  return String(value ?? '')
    .split(';')
    .flatMap((part) => {
      const [name = '', list = ''] = part.trim().split('=');
      return name === '' ? [] : [[name, texts(list)] as const];
    });
}

/** Items made of the tables. */
export interface DumpItems {
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly images: readonly Image[];
  readonly networks: readonly Network[];
  readonly subnets: readonly Subnet[];
  readonly routers: readonly Router[];
  readonly ports: readonly Port[];
  readonly floatingAddresses: readonly FloatingAddress[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly machines: readonly Machine[];
  readonly notes: readonly string[];
  /** Whether ports say which groups they have: some versions of the client print null. */
  readonly tellsGroups: boolean;
}

const networkOf = (row: Row): Network => ({
  ...{ id: text(row, 'ID'), name: text(row, 'Name'), projectId: text(row, 'Project') },
  segments: [],
  ...{ external: truth(row['Router Type']), shared: truth(row['Shared']) },
});

const subnetOf = (row: Row): Subnet => ({
  ...{
    id: text(row, 'ID'),
    name: text(row, 'Name'),
    networkId: text(row, 'Network'),
    projectId: text(row, 'Project'),
    cidr: text(row, 'Subnet'),
  },
  ...optional('gateway', text(row, 'Gateway')),
});

function routerOf(row: Row): Router {
  const gateway = (typeof row['External gateway info'] === 'object' ? row['External gateway info'] : null) as Row | null;
  return {
    ...{ id: text(row, 'ID'), name: text(row, 'Name'), projectId: text(row, 'Project') },
    gatewayAddresses: fixedOf(gateway?.['external_fixed_ips']),
    ...optional('externalNetworkId', gateway === null ? '' : text(gateway, 'network_id')),
    ...{ snat: gateway?.['enable_snat'] !== false, ha: truth(row['HA']), distributed: truth(row['Distributed']), hosts: [] },
  };
}

const portOf = (row: Row, networkId: string): Port => ({
  ...{ id: text(row, 'ID'), name: text(row, 'Name'), projectId: text(row, 'Project', 'Project ID'), networkId },
  mac: text(row, 'MAC Address').toLowerCase(),
  fixed: fixedOf(row['Fixed IP Addresses']),
  allowedPairs: [],
  portSecurity: true,
  securityGroupIds: texts(row['Security Groups']),
  ...{ deviceId: text(row, 'Device ID', 'device_id'), deviceOwner: text(row, 'Device Owner') },
  ...{ adminUp: true, status: text(row, 'Status') },
});

const floatingOf = (row: Row): FloatingAddress => ({
  ...{
    id: text(row, 'ID'),
    address: text(row, 'Floating IP Address'),
    projectId: text(row, 'Project'),
    networkId: text(row, 'Floating Network'),
  },
  ...optional('portId', text(row, 'Port')),
  ...optional('fixedAddress', text(row, 'Fixed IP Address')),
  ...optional('routerId', text(row, 'Router')),
});

const machineOf = (row: Row): Machine => ({
  ...{ id: text(row, 'ID'), name: text(row, 'Name'), projectId: text(row, 'Project ID', 'project_id'), status: text(row, 'Status') },
  ...{
    ...optional('userId', text(row, 'User ID', 'user_id')),
    ...optional('host', text(row, 'Host')),
    ...optional('imageId', text(row, 'Image ID')),
  },
  ...{ ...optional('flavor', text(row, 'Flavor Name', 'Flavor')), ...optional('createdAt', text(row, 'Created At', 'created_at')) },
  tags: texts(row['Tags']),
  metadata: typeof row['Properties'] === 'object' && row['Properties'] !== null ? (row['Properties'] as Record<string, string>) : {},
});

function ruleOf(row: Row): SecurityRule {
  const [from, to] = text(row, 'Port Range').split(':').map(Number);
  const hasPorts = text(row, 'Port Range').includes(':') && Number.isFinite(from) && Number.isFinite(to);
  return {
    ...{ id: text(row, 'ID'), groupId: text(row, 'Security Group') },
    direction: text(row, 'Direction') === 'egress' ? 'fromVm' : 'toVm',
    ipVersion: text(row, 'Ethertype') === 'IPv6' ? 6 : 4,
    ...optional('protocol', text(row, 'IP Protocol')),
    ...(hasPorts && { from: from as number, to: to as number }),
    // The client shows 0.0.0.0/0 beside a remote group; the group is what counts.
    ...(text(row, 'Remote Security Group') === ''
      ? optional('remoteCidr', text(row, 'IP Range'))
      : { remoteGroupId: text(row, 'Remote Security Group') }),
  };
}

/** Maps all tables. */
export function dumpItems(rows: ReadonlyMap<TableName, readonly Row[]>): DumpItems {
  const of = (name: TableName): readonly Row[] => rows.get(name) ?? [];
  const subnets = of('subnets').map(subnetOf);
  const networks = of('networks').map(networkOf);
  const networkOfSubnet = new Map<string, string>(subnets.map(({ id, networkId }) => [id, networkId]));
  for (const row of of('networks')) for (const subnet of texts(row['Subnets'])) networkOfSubnet.set(subnet, text(row, 'ID'));
  const routers = of('routers').map(routerOf);
  const floatingAddresses = of('floatingAddresses').map(floatingOf);
  const plainPorts = of('ports').map((row) =>
    portOf(
      row,
      text(row, 'Network ID', 'network_id') || (networkOfSubnet.get(fixedOf(row['Fixed IP Addresses'])[0]?.subnetId ?? '') ?? ''),
    ),
  );
  const placements = of('servers').flatMap((row) =>
    networksOf(row['Networks']).map(([network, addresses]): Placement => ({ machineId: text(row, 'ID'), network, addresses })),
  );
  const joined = joinMachines(of('servers').map(machineOf), placements, plainPorts, networks);
  const ports = joinRouters(joined.ports, routers, floatingAddresses, networks);
  const rules = of('rules').map(ruleOf);
  const named = of('groups').map((row) => ({
    id: text(row, 'ID'),
    name: text(row, 'Name'),
    projectId: text(row, 'Project'),
    description: text(row, 'Description'),
  }));
  return {
    projects: of('projects').map((row) => ({
      id: text(row, 'ID'),
      name: text(row, 'Name'),
      ...optional('domainId', text(row, 'Domain ID')),
      enabled: row['Enabled'] !== false,
      tags: [],
    })),
    users: of('users').map((row) => ({
      id: text(row, 'ID'),
      name: text(row, 'Name'),
      ...optional('domainId', text(row, 'Domain')),
      ...optional('email', text(row, 'Email')),
    })),
    images: imagesOf(of('servers')),
    ...{ networks, subnets, routers, ports, floatingAddresses },
    securityGroups: named.map((group) => ({ ...group, stateful: true, rules: rules.filter(({ groupId }) => groupId === group.id) })),
    machines: joined.machines,
    notes: joined.notes,
    tellsGroups: of('ports').some((row) => row['Security Groups'] !== null && row['Security Groups'] !== undefined),
  };
}

/** Images are only named by the machines that were made of them. */
function imagesOf(servers: readonly Row[]): Image[] {
  const images = new Map(servers.map((row) => [text(row, 'Image ID'), text(row, 'Image Name')]));
  images.delete('');
  return [...images].map(([id, name]) => ({ id, name, status: 'active', protected: false }));
}
