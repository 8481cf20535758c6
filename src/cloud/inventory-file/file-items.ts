// Checked values of an inventory file → items of the model: names become ids, what is nested becomes lists of its own.
import { nearest } from '../../base/suggestion.ts';
import type { FixedAddress, InventoryItems, InventoryKind, Port, SecurityRule, Segment } from '../../model/inventory.ts';
import { type CheckedFile, invalidAt, type Values } from './check-file.ts';

/** All items, by kind. */
export type ItemLists = { readonly [K in InventoryKind]: InventoryItems[K][] };

const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? (value as Values[]) : []);
const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Only the keys that the record has. */
const given = (record: Values, ...keys: readonly string[]): Values =>
  Object.fromEntries(keys.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]]])));

const singular = (kind: string): string =>
  kind === 'floatingAddresses'
    ? 'floating address'
    : kind
        .replace(/s$/, '')
        .replace(/([A-Z])/g, ' $1')
        .toLowerCase();

/** Ids of one kind by what a file may call them. */
class References {
  readonly #ids = new Map<string, Set<string>>();

  add(id: string, name: string): void {
    for (const key of new Set([id, name])) {
      const ids = this.#ids.get(key);
      if (ids === undefined) this.#ids.set(key, new Set([id]));
      else ids.add(id);
    }
  }

  find(text: string): readonly string[] {
    return [...(this.#ids.get(text) ?? [])];
  }

  names(): readonly string[] {
    return [...this.#ids.keys()];
  }
}

/** Builds the lists of one file. */
export class FileItems {
  readonly lists: ItemLists = {
    ...{
      projects: [],
      users: [],
      hosts: [],
      images: [],
      keypairs: [],
      networks: [],
      subnets: [],
      securityGroups: [],
      routers: [],
      ports: [],
    },
    ...{ floatingAddresses: [], portForwardings: [], loadBalancers: [], machines: [] },
  };
  readonly #path: string;
  readonly #file: CheckedFile;
  readonly #references = new Map<string, References>();

  constructor(path: string, file: CheckedFile) {
    this.#path = path;
    this.#file = file;
    for (const kind of ['projects', 'users', 'images', 'networks', 'securityGroups', 'routers', 'machines'] as const) this.#register(kind);
    this.#plain();
    this.#networks();
    this.#groups();
    for (const router of listOf(file.values['routers'])) this.#router(router);
    for (const machine of listOf(file.values['machines'])) this.#machine(machine);
    for (const [i, port] of listOf(file.values['ports']).entries()) this.#port(port, `${i}`, '', '', '');
    this.#addresses();
  }

  #fail(record: Values, problem: string): never {
    throw invalidAt(this.#path, this.#file.lineOf(record), problem);
  }

  #register(kind: InventoryKind): void {
    const references = new References();
    const seen = new Set<string>();
    for (const record of listOf(this.#file.values[kind])) {
      const id = idOf(kind, record);
      if (seen.has(id)) this.#fail(record, `there are two ${kind} ${textOf(record['name'])}; give them different ids`);
      seen.add(id);
      references.add(id, textOf(record['name']));
    }
    this.#references.set(kind, references);
  }

  /** Id of what a record refers to. Projects and users need not be listed: their name will do. */
  #id(
    record: Values,
    key: string,
    kind: 'projects' | 'users' | 'images' | 'networks' | 'securityGroups',
    value: unknown = record[key],
  ): string {
    const text = textOf(value);
    if (text === '') return '';
    const references = this.#references.get(kind);
    const ids = references?.find(text) ?? [];
    if (ids.length > 1) this.#fail(record, `${key}: several ${kind} are called "${text}"; give the id`);
    if (ids[0] !== undefined) return ids[0];
    if (kind === 'projects' || kind === 'users' || kind === 'images') return this.#implied(kind, text);
    const meant = nearest(text, references?.names() ?? []);
    this.#fail(record, `${key}: there is no ${singular(kind)} "${text}"${meant === undefined ? '' : `, did you mean "${meant}"?`}`);
  }

  #implied(kind: 'projects' | 'users' | 'images', name: string): string {
    this.#references.get(kind)?.add(name, name);
    if (kind === 'projects') this.lists.projects.push({ id: name, name, enabled: true, tags: [] });
    else if (kind === 'users') this.lists.users.push({ id: name, name });
    else this.lists.images.push({ id: name, name, status: 'active', protected: false });
    return name;
  }

  #plain(): void {
    const { values } = this.#file;
    const named = (kind: InventoryKind, record: Values) => ({ id: idOf(kind, record), name: textOf(record['name']) });
    for (const one of listOf(values['projects']))
      this.lists.projects.push({ ...named('projects', one), enabled: true, tags: [], ...given(one, 'description') });
    for (const one of listOf(values['users'])) this.lists.users.push({ ...named('users', one), ...given(one, 'email') });
    for (const one of listOf(values['hosts']))
      this.lists.hosts.push({ ...named('hosts', one), roles: textsOf(one['roles']), up: one['up'] !== false });
    for (const one of listOf(values['images'])) {
      const projectId = this.#id(one, 'project', 'projects');
      this.lists.images.push({
        ...named('images', one),
        status: 'active',
        protected: false,
        ...(projectId !== '' && { projectId }),
        ...given(one, 'status', 'checksum'),
      });
    }
    for (const one of listOf(values['keypairs'])) {
      const userId = this.#id(one, 'user', 'users');
      this.lists.keypairs.push({ ...named('keypairs', one), ...(userId !== '' && { userId }), ...given(one, 'fingerprint') });
    }
  }

  #networks(): void {
    for (const one of listOf(this.#file.values['networks'])) {
      const id = idOf('networks', one);
      const projectId = this.#id(one, 'project', 'projects');
      const flags = { external: one['external'] === true, shared: one['shared'] === true };
      this.lists.networks.push({ id, name: textOf(one['name']), projectId, segments: textsOf(one['segments']).map(segmentOf), ...flags });
      for (const subnet of listOf(one['subnets'])) {
        const cidr = textOf(subnet['cidr']);
        const name = textOf(subnet['name']);
        this.lists.subnets.push({
          id: textOf(subnet['id']) || `${id}/${cidr}`,
          name,
          networkId: id,
          projectId,
          cidr,
          ...given(subnet, 'gateway'),
        });
      }
    }
  }

  #groups(): void {
    for (const one of listOf(this.#file.values['securityGroups'])) {
      const id = idOf('securityGroups', one);
      const rules = listOf(one['rules']).map((rule, i) => this.#rule(rule, id, i));
      const projectId = this.#id(one, 'project', 'projects');
      const description = textOf(one['description']);
      this.lists.securityGroups.push({ id, name: textOf(one['name']), projectId, description, stateful: one['stateful'] !== false, rules });
    }
  }

  #rule(rule: Values, groupId: string, index: number): SecurityRule {
    const remoteGroupId = this.#id(rule, 'remoteGroup', 'securityGroups');
    const ipVersion = rule['ipVersion'] ?? (textOf(rule['remoteCidr']).includes(':') ? 6 : 4);
    if (ipVersion !== 4 && ipVersion !== 6) this.#fail(rule, 'ipVersion must be 4 or 6');
    const from = rule['from'] as number | undefined;
    return {
      ...{ id: textOf(rule['id']) || `${groupId}/${index}`, groupId, ipVersion },
      direction: rule['direction'] === 'fromVm' ? 'fromVm' : 'toVm',
      ...given(rule, 'protocol', 'from', 'to', 'remoteCidr'),
      ...(from !== undefined && rule['to'] === undefined && { to: from }),
      ...(remoteGroupId !== '' && { remoteGroupId }),
    };
  }

  #router(one: Values): void {
    const id = idOf('routers', one);
    const projectId = this.#id(one, 'project', 'projects');
    const externalNetworkId = this.#id(one, 'externalNetwork', 'networks');
    this.lists.routers.push({
      ...{ id, name: textOf(one['name']), projectId },
      gatewayAddresses: textsOf(one['gatewayAddresses']).map((address) => this.#fixed(address, externalNetworkId)),
      ...(externalNetworkId !== '' && { externalNetworkId }),
      ...{ snat: one['snat'] !== false, ha: one['ha'] === true, distributed: one['distributed'] === true },
      hosts: textsOf(one['hosts']).map((host, i) => ({ host, active: i === 0 })),
    });
    for (const [i, port] of listOf(one['interfaces']).entries()) this.#port(port, `${id}/${i}`, id, 'network:router_interface', projectId);
  }

  #machine(one: Values): void {
    const id = idOf('machines', one);
    const projectId = this.#id(one, 'project', 'projects');
    const userId = this.#id(one, 'user', 'users');
    const imageId = this.#id(one, 'image', 'images');
    this.lists.machines.push({
      ...{ id, name: textOf(one['name']), projectId, status: textOf(one['status']) || 'ACTIVE' },
      ...{ tags: textsOf(one['tags']), metadata: (one['metadata'] ?? {}) as Record<string, string> },
      ...(userId !== '' && { userId }),
      ...(imageId !== '' && { imageId }),
      ...given(one, 'host', 'keypair', 'flavor', 'createdAt', 'locked', 'lockedReason', 'volumeIds'),
    });
    for (const [i, port] of listOf(one['ports']).entries()) this.#port(port, `${id}/${i}`, id, 'compute:nova', projectId);
  }

  #port(one: Values, fallbackId: string, deviceId: string, owner: string, ownerProject: string): void {
    const id = textOf(one['id']) || `port:${fallbackId}`;
    const networkId = this.#id(one, 'network', 'networks');
    const projectId = this.#id(one, 'project', 'projects') || ownerProject;
    const fixed = textsOf(one['addresses']).map((address) => this.#fixed(address, networkId));
    const port: Port = {
      ...{ id, name: textOf(one['name']), projectId, networkId, mac: textOf(one['mac']).toLowerCase().replaceAll('-', ':'), fixed },
      allowedPairs: textsOf(one['allowedPairs']).map((address) => ({ address })),
      ...{ portSecurity: one['portSecurity'] !== false, adminUp: one['adminUp'] !== false, status: textOf(one['status']) || 'ACTIVE' },
      securityGroupIds: textsOf(one['securityGroups']).map((group) => this.#id(one, 'securityGroups', 'securityGroups', group)),
      ...{ deviceId: textOf(one['device']) || deviceId, deviceOwner: textOf(one['deviceOwner']) || owner },
      ...given(one, 'host'),
    };
    this.lists.ports.push(port);
    const floating = textOf(one['floating']);
    if (floating !== '') this.#floating(floating, `floating:${floating}`, projectId, one, port);
  }

  #floating(address: string, id: string, projectId: string, record: Values, port?: Port): void {
    const network = this.#id(record, 'network', 'networks');
    const networkId = port === undefined ? network : (this.lists.networks.find(({ external }) => external)?.id ?? '');
    const fixedAddress = port?.fixed[0]?.address;
    this.lists.floatingAddresses.push({
      ...{ id, address, projectId, networkId },
      ...(port !== undefined && { portId: port.id }),
      ...(fixedAddress !== undefined && { fixedAddress }),
    });
  }

  #addresses(): void {
    const { values } = this.#file;
    for (const one of listOf(values['floatingAddresses'])) {
      const address = textOf(one['address']);
      this.#floating(address, textOf(one['id']) || `floating:${address}`, this.#id(one, 'project', 'projects'), one);
    }
    for (const [i, one] of listOf(values['portForwardings']).entries()) this.#forwarding(one, i);
    for (const one of listOf(values['loadBalancers'])) {
      const portId = textOf(one['port']);
      const named = { id: idOf('loadBalancers', one), name: textOf(one['name']), projectId: this.#id(one, 'project', 'projects') };
      this.lists.loadBalancers.push({ ...named, address: textOf(one['address']), ...(portId !== '' && { portId }) });
    }
  }

  #forwarding(one: Values, index: number): void {
    const floating = this.lists.floatingAddresses.find(({ address }) => address === one['floatingAddress']);
    if (floating === undefined) this.#fail(one, `floatingAddress: ${textOf(one['floatingAddress'])} is not among floatingAddresses`);
    const internalAddress = textOf(one['internalAddress']);
    const ports = this.lists.ports.filter(({ id, fixed }) =>
      one['port'] === undefined ? fixed.some(({ address }) => address === internalAddress) : id === one['port'],
    );
    const [port] = ports;
    if (port === undefined || ports.length > 1)
      this.#fail(one, `internalAddress: ${internalAddress} is that of ${ports.length === 0 ? 'no port' : 'several ports; give port'}`);
    const externalFrom = one['externalFrom'] as number;
    const externalTo = (one['externalTo'] as number | undefined) ?? externalFrom;
    const internalFrom = (one['internalFrom'] as number | undefined) ?? externalFrom;
    this.lists.portForwardings.push({
      ...{ id: textOf(one['id']) || `forwarding:${index}`, floatingAddressId: floating.id, protocol: textOf(one['protocol']) || 'tcp' },
      ...{ externalFrom, externalTo, portId: port.id, internalAddress, internalFrom, internalTo: internalFrom + externalTo - externalFrom },
    });
  }

  /** With its subnet, which is only told where it is clear. */
  #fixed(address: string, networkId: string): FixedAddress {
    const subnets = this.lists.subnets.filter((subnet) => subnet.networkId === networkId);
    const [only] = subnets;
    return subnets.length === 1 && only !== undefined ? { address, subnetId: only.id } : { address };
  }
}

const idOf = (kind: InventoryKind, record: Values): string =>
  textOf(record['id']) ||
  (kind === 'projects' || kind === 'users' ? textOf(record['name']) : `${singular(kind)}:${textOf(record['name'])}`);

function segmentOf(text: string): Segment {
  const [type = '', rest] = text.split(':');
  if (rest === undefined) return { type };
  return /^\d+$/.test(rest) ? { type, number: Number(rest) } : { type, physicalNetwork: rest };
}
