// JSON of Keystone, Glance and Octavia, and the services of hosts → our model. Pure.
import type { HostNode, Image, LoadBalancer, Project, User } from '../../model/inventory.ts';
import { flag, given, type JsonObject, optionalText, text, texts } from './json.ts';

export const projectOf = (project: JsonObject): Project => ({
  id: text(project, 'id'),
  name: text(project, 'name'),
  ...given('domainId', optionalText(project, 'domain_id')),
  enabled: flag(project, 'enabled', true),
  ...given('description', optionalText(project, 'description')),
  tags: texts(project['tags']),
});

export const userOf = (user: JsonObject): User => ({
  id: text(user, 'id'),
  name: text(user, 'name'),
  ...given('domainId', optionalText(user, 'domain_id')),
  ...given('email', optionalText(user, 'email')),
});

/** The strongest digest that Glance states. */
function checksumOf(image: JsonObject): string | undefined {
  const value = optionalText(image, 'os_hash_value');
  if (value !== undefined) return `${text(image, 'os_hash_algo')}:${value}`;
  const md5 = optionalText(image, 'checksum');
  return md5 === undefined ? undefined : `md5:${md5}`;
}

export const imageOf = (image: JsonObject): Image => ({
  id: text(image, 'id'),
  name: text(image, 'name'),
  ...given('projectId', optionalText(image, 'owner')),
  status: text(image, 'status'),
  protected: flag(image, 'protected', false),
  ...given('checksum', checksumOf(image)),
});

export const loadBalancerOf = (balancer: JsonObject): LoadBalancer => ({
  id: text(balancer, 'id'),
  name: text(balancer, 'name'),
  projectId: optionalText(balancer, 'project_id') ?? text(balancer, 'tenant_id'),
  address: text(balancer, 'vip_address'),
  ...given('portId', optionalText(balancer, 'vip_port_id')),
});

/** One program of a node: an item of Nova's `/os-services` or of Neutron's `/agents`. */
export interface HostService {
  readonly host: string;
  readonly program: string;
  readonly up: boolean;
}

export const computeServiceOf = (service: JsonObject): HostService => ({
  host: text(service, 'host'),
  program: text(service, 'binary'),
  up: text(service, 'state') === 'up',
});

/** OVN has agents without a binary of ours; their type says more. */
export const networkAgentOf = (agent: JsonObject): HostService => ({
  host: text(agent, 'host'),
  program: optionalText(agent, 'binary') ?? text(agent, 'agent_type'),
  up: flag(agent, 'alive', false),
});

/** Nodes by the name that ports and machines give as their host; up while any of its programs is. */
export function hostNodesOf(services: Iterable<HostService>): readonly HostNode[] {
  const nodes = new Map<string, { roles: Set<string>; up: boolean }>();
  for (const { host, program, up } of services) {
    const node = nodes.get(host) ?? { roles: new Set<string>(), up: false };
    nodes.set(host, node);
    node.roles.add(program);
    node.up ||= up;
  }
  return [...nodes].map(([name, { roles, up }]) => ({ id: name, name, roles: [...roles].sort(), up }));
}
