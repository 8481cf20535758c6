// Every key of an inventory file in one table: the reader, the JSON Schema and the export are made from it.

/** What a value must look like. `range` is an address or CIDR; `segment` is `vxlan:11`. */
export type Scalar = 'text' | 'bool' | 'number' | 'address' | 'range' | 'cidr' | 'mac' | 'time' | 'segment';

export type Shape =
  | { readonly type: Scalar; readonly choices?: readonly string[] }
  | { readonly type: 'list'; readonly of: Shape }
  | { readonly type: 'map' }
  | { readonly type: 'record'; readonly fields: Fields /** Key that a bare value stands for. */; readonly short?: string };

export interface Field {
  readonly shape: Shape;
  readonly doc: string;
  readonly required?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

const scalar = (type: Scalar, doc: string, more: Partial<Field> = {}): Field => ({ shape: { type }, doc, ...more });
const listOf = (type: Scalar, doc: string): Field => ({ shape: { type: 'list', of: { type } }, doc });
const records = (fields: Fields, doc: string, short?: string): Field => ({
  shape: { type: 'list', of: { type: 'record', fields, ...(short !== undefined && { short }) } },
  doc,
});
const required = { required: true } as const;

const id = scalar('text', "The provider's id. Without one, the name serves; needed where two have the same name.");
const project = scalar('text', 'Project: name or id.');
const named = (what: string): Fields => ({ name: scalar('text', `Name of the ${what}.`, required), id });

const portFields: Fields = {
  id: scalar('text', "The provider's id; its first 11 characters are in the names of devices (tap…, qvo…, qr-…)."),
  name: scalar('text', 'Name of the port.'),
  network: scalar('text', 'Network: name or id.', required),
  project,
  mac: scalar('mac', 'Hardware address.'),
  addresses: listOf('address', 'Addresses of its own.'),
  floating: scalar('address', 'Public address that is translated to it.'),
  allowedPairs: listOf('range', 'Addresses or CIDRs that it may use besides.'),
  portSecurity: scalar('bool', 'false: no security group is enforced. Standard: true.'),
  securityGroups: listOf('text', 'Security groups: names or ids.'),
  device: scalar('text', 'Id of what it belongs to, where that is no machine or router of this file.'),
  deviceOwner: scalar('text', "Neutron's word, such as network:dhcp."),
  adminUp: scalar('bool', 'Switched on. Standard: true.'),
  status: scalar('text', "The provider's word."),
  host: scalar('text', 'Node that it is plugged in at.'),
};

const ruleFields: Fields = {
  id: scalar('text', "The provider's id."),
  direction: { shape: { type: 'text', choices: ['toVm', 'fromVm'] }, doc: 'Standard: toVm.' },
  ipVersion: scalar('number', '4 or 6. Standard: 4, or that of remoteCidr.'),
  protocol: scalar('text', 'tcp, udp, icmp, …; any without.'),
  from: scalar('number', 'First port (type of ICMP); any without.'),
  to: scalar('number', 'Last port (code of ICMP).'),
  remoteCidr: scalar('range', 'Who may; anybody without.'),
  remoteGroup: scalar('text', 'Members of this group may: name or id.'),
};

/** The keys of the file. */
export const fileFields: Fields = {
  cloud: scalar('text', 'Name of the cloud.'),
  asOf: scalar('time', 'When this was true (ISO 8601, UTC). Without, it counts for all times.'),
  projects: records({ ...named('project'), description: scalar('text', 'What for.') }, 'Tenants.', 'name'),
  users: records({ ...named('user'), email: scalar('text', 'For notifications.') }, 'Owners.', 'name'),
  hosts: records(
    { ...named('node'), roles: listOf('text', 'compute, network, …'), up: scalar('bool', 'Standard: true.') },
    'Nodes.',
    'name',
  ),
  images: records(
    { ...named('image'), project, status: scalar('text', "The provider's word."), checksum: scalar('text', 'sha512:… or md5:…') },
    'Images.',
    'name',
  ),
  keypairs: records(
    { ...named('key pair'), user: scalar('text', 'User: name or id.'), fingerprint: scalar('text', 'Of the public key.') },
    'Key pairs.',
    'name',
  ),
  networks: records(
    {
      ...named('network'),
      project,
      segments: listOf('segment', 'How it is told apart on the wire: vxlan:11, vlan:100, geneve:7, flat:physnet1.'),
      external: scalar('bool', 'Carries public addresses. Standard: false.'),
      shared: scalar('bool', 'Used by several projects. Standard: false.'),
      subnets: records(
        { cidr: scalar('cidr', 'Range.', required), gateway: scalar('address', 'Its gateway.'), name: scalar('text', 'Name.'), id },
        'Ranges; a bare CIDR will do.',
        'cidr',
      ),
    },
    'Networks with their subnets.',
  ),
  securityGroups: records(
    {
      ...named('group'),
      project,
      description: scalar('text', 'What for.'),
      stateful: scalar('bool', 'Tracks connections. Standard: true.'),
      rules: records(ruleFields, 'Whatever no rule allows is dropped.'),
    },
    'Security groups with their rules.',
  ),
  routers: records(
    {
      ...named('router'),
      project,
      gatewayAddresses: listOf('address', 'Its own public addresses, shared by machines without a floating one.'),
      externalNetwork: scalar('text', 'Network: name or id.'),
      snat: scalar('bool', 'Translates for machines without a floating address. Standard: true.'),
      ha: scalar('bool', 'Several nodes hold it. Standard: false.'),
      distributed: scalar('bool', 'Every compute node holds it (DVR). Standard: false.'),
      hosts: listOf('text', 'Nodes that hold it, the active one first.'),
      interfaces: records(portFields, 'Its ports in networks of tenants.'),
    },
    'Routers.',
  ),
  machines: records(
    {
      ...named('machine'),
      project,
      user: scalar('text', 'Owner: name or id.'),
      host: scalar('text', 'Hypervisor.'),
      status: scalar('text', 'ACTIVE, PAUSED, SHUTOFF, … Standard: ACTIVE.'),
      image: scalar('text', 'Image: name or id.'),
      keypair: scalar('text', 'Name of its key pair.'),
      flavor: scalar('text', 'Size.'),
      createdAt: scalar('time', 'When it was made.'),
      locked: scalar('bool', 'Locked against its owner.'),
      lockedReason: scalar('text', 'Why.'),
      tags: listOf('text', 'Tags.'),
      metadata: { shape: { type: 'map' }, doc: 'Names and values.' },
      volumeIds: listOf('text', 'Ids of volumes.'),
      ports: records(portFields, 'Its virtual network cards.'),
    },
    'Machines with their ports.',
  ),
  ports: records(portFields, 'Ports of neither a machine nor a router of this file.'),
  floatingAddresses: records(
    { address: scalar('address', 'The public address.', required), id, project, network: scalar('text', 'External network: name or id.') },
    'Public addresses that are assigned to no port; others stand at their port.',
    'address',
  ),
  portForwardings: records(
    {
      id,
      floatingAddress: scalar('address', 'The public address.', required),
      protocol: scalar('text', 'tcp or udp. Standard: tcp.'),
      externalFrom: scalar('number', 'First public port.', required),
      externalTo: scalar('number', 'Last public port. Standard: the first.'),
      internalAddress: scalar('address', 'Where it goes.', required),
      internalFrom: scalar('number', 'First port there. Standard: the public one.'),
      port: scalar('text', 'Id of the port, where several have the address.'),
    },
    'Single ports of a floating address that are translated.',
  ),
  loadBalancers: records(
    {
      ...named('load balancer'),
      project,
      address: scalar('address', 'Its virtual address.', required),
      port: scalar('text', 'Id of its port.'),
    },
    'Load balancers.',
  ),
};

function schemaOf(shape: Shape): Readonly<Record<string, unknown>> {
  switch (shape.type) {
    case 'list':
      return { type: 'array', items: schemaOf(shape.of) };
    case 'map':
      return { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };
    case 'record': {
      const object = { type: 'object', ...propertiesOf(shape.fields) };
      return shape.short === undefined ? object : { anyOf: [object, { type: 'string' }] };
    }
    case 'bool':
      return { type: 'boolean' };
    case 'number':
      return { type: 'integer', minimum: 0 };
    case 'time':
      return { type: 'string', format: 'date-time' };
    case 'mac':
      return { type: 'string', pattern: '^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$' };
    case 'segment':
      return { type: 'string', pattern: '^(vxlan|geneve|gre|vlan|flat|local)(:.+)?$' };
    case 'text':
      return shape.choices === undefined ? { type: 'string' } : { type: 'string', enum: shape.choices };
    default:
      return { type: 'string' };
  }
}

function propertiesOf(fields: Fields): Readonly<Record<string, unknown>> {
  const needed = Object.entries(fields).flatMap(([key, field]) => (field.required ? [key] : []));
  return {
    properties: Object.fromEntries(Object.entries(fields).map(([key, { shape, doc }]) => [key, { ...schemaOf(shape), description: doc }])),
    ...(needed.length > 0 && { required: needed }),
    additionalProperties: false,
  };
}

/** The published JSON Schema (2020-12) of an inventory file. */
export const inventoryFileSchema = (): Readonly<Record<string, unknown>> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Vedette inventory',
  type: 'object',
  ...propertiesOf(fileFields),
});
